// What the merchant chooses for a store: every setting with what it means, saved together.
import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useQuery } from "urql";
import { useParams } from "wouter";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { useSay } from "../../messages";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { StoreNotice } from "../../parts/StoreStatus";
import { Failed, Loading, NotThere } from "../../parts/states";
import { Channels } from "./Channels";
import { Delivery } from "./Delivery";
import { type Asked, type Draft, draftOf, isWhole, SaveSettings, SettingsQuery } from "./documents";
import { Importing } from "./Importing";
import { OrderChoices } from "./OrderChoices";
import { TaxRates } from "./TaxRates";

type FormProps = { asked: Asked; store: NonNullable<Asked["store"]> };

function Form({ asked, store }: FormProps) {
  const say = useSay();
  const bridge = useBridge();
  const saved = draftOf(store);
  const [draft, setDraft] = useState<Draft>(saved);
  const { run, busy, problem } = useDeed(SaveSettings);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved);
  const isOff = draft.importAmazonOrders === "DISABLED";
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
  };
  const save = async () => {
    if (await run({ storeId: store.id, settings: draft })) {
      notify(bridge, "success", say("settings.saved"));
    }
  };
  const part = { draft, change, disabled: isOff };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Importing {...part} since={store.settings.importOrdersSince} />
      <Channels
        {...part}
        marketplaces={store.marketplaces}
        channels={asked.channels}
        warehouses={asked.warehouses}
      />
      <OrderChoices {...part} channels={asked.channels} />
      <Delivery {...part} marketplaceId={store.marketplaces[0]?.id ?? ""} />
      <TaxRates {...part} />
      <div className="savebar">
        <ProblemNote problem={problem} />
        <Button
          type="button"
          variant="secondary"
          disabled={!isChanged || busy}
          onClick={() => {
            setDraft(saved);
          }}
        >
          {say("settings.discard")}
        </Button>
        <Button type="submit" disabled={!isChanged || busy || !isWhole(draft)}>
          {say("action.save")}
        </Button>
      </div>
    </form>
  );
}

export default function Settings() {
  const say = useSay();
  const { id = "" } = useParams<{ id: string }>();
  const [{ data, error }, reload] = useQuery({ query: SettingsQuery, variables: { id } });
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  if (!data.store) return <NotThere />;
  const { store } = data;
  return (
    <Page title={say("settings.title")} back={{ to: `/stores/${id}`, label: store.name }}>
      <StoreNotice store={store} />
      {/* A store with other settings than before is another form: nothing half-changed stays. */}
      <Form key={JSON.stringify(store.settings)} asked={data} store={store} />
    </Page>
  );
}
