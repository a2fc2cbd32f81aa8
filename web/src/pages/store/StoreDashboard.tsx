// One store: what it sold, what is held, its newest orders, and the way to everything else.
import { Box, Button, Text } from "@saleor/macaw-ui";
import { useQuery } from "urql";
import { useParams } from "wouter";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { Flags } from "../../parts/Flags";
import { Page, Section } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { StoreNotice, StoreStatus } from "../../parts/StoreStatus";
import { Failed, Loading, NotThere } from "../../parts/states";
import { useViewer } from "../../parts/viewer";
import { When } from "../../parts/When";
import { StoreQuery, SyncNow, type StoreShown } from "./documents";
import { Figures } from "./Figures";
import { OrdersOfStore } from "./OrdersOfStore";
import { SellerCentral } from "./SellerCentral";

function Actions({ store, sync, busy }: { store: StoreShown; sync: () => void; busy: boolean }) {
  const say = useSay();
  const { canManage } = useViewer();
  const open = (to: string) => () => {
    goTo(to);
  };
  return (
    <>
      {canManage && (
        <>
          <Button variant="secondary" onClick={open(`/logs?store=${store.id}`)}>
            {say("nav.logs")}
          </Button>
          <Button variant="secondary" onClick={open(`/stores/${store.id}/connection`)}>
            {say("connection.title")}
          </Button>
          <Button variant="secondary" onClick={open(`/stores/${store.id}/settings`)}>
            {say("settings.title")}
          </Button>
        </>
      )}
      <Button disabled={busy || store.status !== "ACTIVE"} onClick={sync}>
        {say("store.sync")}
      </Button>
    </>
  );
}

export default function StoreDashboard() {
  const say = useSay();
  const bridge = useBridge();
  const { id = "" } = useParams<{ id: string }>();
  const [{ data, error }, reload] = useQuery({ query: StoreQuery, variables: { id } });
  const syncing = useDeed(SyncNow);
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  const { store } = data;
  if (!store) return <NotThere />;
  const sync = async () => {
    if (await syncing.run({ storeId: id })) notify(bridge, "success", say("store.syncing"));
  };
  return (
    <Page
      title={store.name}
      back={{ to: "/stores", label: say("nav.stores") }}
      aside={<StoreStatus status={store.status} />}
      actions={<Actions store={store} busy={syncing.busy} sync={() => void sync()} />}
    >
      <StoreNotice store={store} />
      <ProblemNote problem={syncing.problem} />
      <Box display="flex" gap={6} flexWrap="wrap" paddingX={6} paddingBottom={4}>
        <Flags of={store.marketplaces} />
        <Text size={2} className="quiet">
          {say("stores.lastSynced")}: <When at={store.lastSyncedAt} asRelative />
          {store.nextSyncAt !== null && (
            <>
              {" · "}
              {say("store.nextSync")}: <When at={store.nextSyncAt} asRelative />
            </>
          )}
        </Text>
      </Box>
      <OrdersOfStore store={store} part="held" />
      <Figures store={store} />
      <OrdersOfStore store={store} part="recent" />
      <Section title={say("sellerCentral.title")} note={say("sellerCentral.note")}>
        <SellerCentral links={store.links} />
      </Section>
    </Page>
  );
}
