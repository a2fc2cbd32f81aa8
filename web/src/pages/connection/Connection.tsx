// How a store is connected to Amazon, and connecting it again before or after the consent ended.
import { Button, Text } from "@saleor/macaw-ui";
import { useState } from "react";
import { useQuery } from "urql";
import { useParams } from "wouter";

import { type Problem, useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { useSay } from "../../messages";
import { FieldGroup } from "../../parts/fields";
import { Flags } from "../../parts/Flags";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { StoreNotice, StoreStatus } from "../../parts/StoreStatus";
import { Failed, Loading, NotThere } from "../../parts/states";
import { useViewer } from "../../parts/viewer";
import { When } from "../../parts/When";
import { Awaiting, type Consent, consentProblem } from "./consent";
import { Credentials, type Keys, NO_KEYS } from "./Credentials";
import { type ConnectedStore, ConnectionQuery, ReauthoriseStore, StartConsent } from "./documents";

function Facts({ store }: { store: ConnectedStore }) {
  const say = useSay();
  return (
    <FieldGroup title={say("connection.account")}>
      <dl className="facts">
        <dt>{say("connection.seller")}</dt>
        <dd>{store.sellerId ?? "–"}</dd>
        <dt>{say("connect.region")}</dt>
        <dd>{say(`region.${store.region}`)}</dd>
        <dt>{say("connect.marketplaces")}</dt>
        <dd>
          <Flags of={store.marketplaces} />
        </dd>
        <dt>{say("stores.created")}</dt>
        <dd>
          <When at={store.connectedAt} />
        </dd>
      </dl>
    </FieldGroup>
  );
}

function ByConsent({ store, done }: { store: ConnectedStore; done: () => void }) {
  const say = useSay();
  const [consent, setConsent] = useState<Consent | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const { run, busy, problem } = useDeed(StartConsent);
  const start = async () => {
    setRefused(null);
    const { id: storeId, name, region } = store;
    const marketplaces = store.marketplaces.flatMap(({ id, channelSlug }) =>
      channelSlug === null ? [] : [{ marketplaceId: id, channelSlug }],
    );
    const started = await run({ input: { name, region, storeId, marketplaces } });
    if (started) setConsent(started);
  };
  return (
    <FieldGroup title={say("connection.consent")} note={say("connection.consent.note")}>
      {consent ? (
        <Awaiting
          consent={consent}
          done={done}
          failed={(words) => {
            setConsent(null);
            setRefused(consentProblem(say(words)));
          }}
          stop={() => {
            setConsent(null);
          }}
        />
      ) : (
        <div>
          <ProblemNote problem={refused ?? problem} />
          <Button disabled={busy} onClick={() => void start()}>
            {say("connect.goToAmazon")}
          </Button>
        </div>
      )}
    </FieldGroup>
  );
}

function ByKeys({ store, done }: { store: ConnectedStore; done: () => void }) {
  const say = useSay();
  const [keys, setKeys] = useState<Keys>(NO_KEYS);
  const { run, busy, problem } = useDeed(ReauthoriseStore);
  const submit = async () => {
    const { clientId, clientSecret, refreshToken } = keys;
    const input = {
      refreshToken,
      clientId: clientId || null,
      clientSecret: clientSecret || null,
    };
    if (await run({ id: store.id, input })) {
      setKeys(NO_KEYS);
      done();
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <FieldGroup title={say("connection.keys")} note={say("connection.keys.note")}>
        <Credentials
          keys={keys}
          wrong={problem}
          isRenewal
          change={(part) => {
            setKeys((before) => ({ ...before, ...part }));
          }}
        />
        <ProblemNote problem={problem} />
        <div>
          <Button type="submit" disabled={busy || keys.refreshToken === ""}>
            {say("connection.replace")}
          </Button>
        </div>
      </FieldGroup>
    </form>
  );
}

export default function Connection() {
  const say = useSay();
  const bridge = useBridge();
  const { amazonConsentAvailable } = useViewer();
  const { id = "" } = useParams<{ id: string }>();
  const [{ data, error }, reload] = useQuery({ query: ConnectionQuery, variables: { id } });
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  const { store } = data;
  if (!store) return <NotThere />;
  const done = () => {
    notify(bridge, "success", say("connection.done", { name: store.name }));
    reload({ requestPolicy: "network-only" });
  };
  return (
    <Page
      title={say("connection.title")}
      back={{ to: `/stores/${id}`, label: store.name }}
      aside={<StoreStatus status={store.status} />}
    >
      <StoreNotice store={store} />
      <Facts store={store} />
      <FieldGroup title={say("connection.renewal")}>
        <Text as="p" size={3}>
          {say("connection.renewal.what")}
        </Text>
      </FieldGroup>
      {amazonConsentAvailable && <ByConsent store={store} done={done} />}
      <ByKeys store={store} done={done} />
    </Page>
  );
}
