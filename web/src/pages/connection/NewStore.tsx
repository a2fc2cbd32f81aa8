// Connects a seller account: by consent at Amazon, or with the keys of an app of one's own.
import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useQuery } from "urql";

import { type Problem, useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { Choice, FieldGroup, TextField } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { Failed, Loading } from "../../parts/states";
import { useViewer } from "../../parts/viewer";
import { Awaiting, type Consent, consentProblem } from "./consent";
import { Credentials, type Keys, NO_KEYS } from "./Credentials";
import {
  ConnectingQuery,
  ConnectStore,
  type Offered,
  type Region,
  StartConsent,
} from "./documents";
import { type Chosen, Marketplaces } from "./Marketplaces";

type Way = "consent" | "keys";
const REGIONS: readonly Region[] = ["EU", "NA", "FE"];

function Form({ offered }: { offered: Offered }) {
  const say = useSay();
  const bridge = useBridge();
  const { amazonConsentAvailable } = useViewer();
  const [name, setName] = useState("");
  const [region, setRegion] = useState<Region>("EU");
  const [marketplaces, setMarketplaces] = useState<Chosen[]>([]);
  const [fbaWarehouse, setFbaWarehouse] = useState("");
  const [way, setWay] = useState<Way>(amazonConsentAvailable ? "consent" : "keys");
  const [keys, setKeys] = useState<Keys>(NO_KEYS);
  const [consent, setConsent] = useState<Consent | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const connecting = useDeed(ConnectStore);
  const starting = useDeed(StartConsent);
  const busy = connecting.busy || starting.busy;
  const problem = refused ?? connecting.problem ?? starting.problem;

  const arrive = (to: string) => {
    notify(bridge, "success", say("connect.done", { name }));
    goTo(to, { replace: true });
  };
  const submit = async () => {
    setRefused(null);
    const store = { name, region, marketplaces, fbaWarehouseSlug: fbaWarehouse || null };
    if (way === "consent") {
      const started = await starting.run({ input: store });
      if (started) setConsent(started);
    } else {
      const made = await connecting.run({ input: { ...store, ...keys } });
      if (made) arrive(`/stores/${made.id}`);
    }
  };
  if (consent) {
    return (
      <Awaiting
        consent={consent}
        done={() => {
          arrive("/stores");
        }}
        failed={(words) => {
          setConsent(null);
          setRefused(consentProblem(say(words)));
        }}
        stop={() => {
          setConsent(null);
        }}
      />
    );
  }
  const ready = name.trim() !== "" && marketplaces.length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <FieldGroup title={say("connect.store")} note={say("connect.store.note")}>
        <TextField
          label={say("connect.name")}
          help={say("connect.name.help")}
          required
          value={name}
          error={problem?.field === "name" ? problem.message : null}
          onChange={setName}
        />
        <Choice
          label={say("connect.region")}
          help={say("connect.region.help")}
          value={region}
          options={REGIONS.map((value) => ({ value, label: say(`region.${value}`) }))}
          onChange={(value) => {
            setRegion(value as Region);
            setMarketplaces([]);
          }}
        />
      </FieldGroup>
      <FieldGroup title={say("connect.marketplaces")} note={say("settings.channels.note")}>
        <Marketplaces
          offered={offered}
          region={region}
          chosen={marketplaces}
          onChange={setMarketplaces}
        />
        <Choice
          label={say("settings.fbaWarehouse")}
          help={say("settings.fbaWarehouse.help")}
          value={fbaWarehouse}
          options={[
            { value: "", label: say("settings.fbaWarehouse.first") },
            ...offered.warehouses.map((one) => ({ value: one.slug, label: one.name })),
          ]}
          onChange={setFbaWarehouse}
        />
      </FieldGroup>
      <FieldGroup title={say("connect.way")} note={say("connect.way.note")}>
        {amazonConsentAvailable && (
          <Choice
            label={say("connect.way")}
            help={say(`connect.way.${way}.help`)}
            value={way}
            options={[
              { value: "consent", label: say("connect.way.consent") },
              { value: "keys", label: say("connect.way.keys") },
            ]}
            onChange={(value) => {
              setWay(value as Way);
            }}
          />
        )}
        {way === "keys" && (
          <Credentials
            keys={keys}
            wrong={problem}
            change={(part) => {
              setKeys((before) => ({ ...before, ...part }));
            }}
          />
        )}
      </FieldGroup>
      <div className="savebar">
        <ProblemNote problem={problem} />
        <Button type="submit" disabled={!ready || busy}>
          {say(way === "consent" ? "connect.goToAmazon" : "connect.connect")}
        </Button>
      </div>
    </form>
  );
}

export default function NewStore() {
  const say = useSay();
  const [{ data, error }, reload] = useQuery({ query: ConnectingQuery });
  return (
    <Page title={say("connect.title")} back={{ to: "/stores", label: say("nav.stores") }}>
      {data ? (
        <Form offered={data} />
      ) : error ? (
        <Failed error={error} retry={reload} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
