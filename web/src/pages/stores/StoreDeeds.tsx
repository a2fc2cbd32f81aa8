// What can be done to a store from its card; what is hard to undo is asked about first.
import { Box, Button, Text } from "@saleor/macaw-ui";
import { useState } from "react";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { Dialog } from "../../parts/Dialog";
import { TextField } from "../../parts/fields";
import { ProblemNote } from "../../parts/ProblemNote";
import { ActivateStore, DeactivateStore, DeleteStore } from "./documents";

type Store = { id: string; name: string; status: "ACTIVE" | "INACTIVE" | "REAUTHORISE" };
type Props = { store: Store; close: () => void };

function Deactivating({ store, close }: Props) {
  const say = useSay();
  const { run, busy, problem } = useDeed(DeactivateStore);
  const go = async () => {
    if (await run({ id: store.id })) close();
  };
  return (
    <Dialog
      title={say("stores.deactivate.title", { name: store.name })}
      close={close}
      actions={
        <>
          <Button variant="secondary" onClick={close}>
            {say("action.cancel")}
          </Button>
          <Button disabled={busy} onClick={() => void go()}>
            {say("stores.deactivate")}
          </Button>
        </>
      }
    >
      <Text as="p">{say("stores.deactivate.what")}</Text>
      <ProblemNote problem={problem} />
    </Dialog>
  );
}

function Deleting({ store, close }: Props) {
  const say = useSay();
  const bridge = useBridge();
  const [name, setName] = useState("");
  const { run, busy, problem } = useDeed(DeleteStore);
  const go = async () => {
    if (!(await run({ id: store.id, name }))) return;
    notify(bridge, "success", say("stores.deleted", { name: store.name }));
    close();
  };
  return (
    <Dialog
      title={say("stores.delete.title", { name: store.name })}
      close={close}
      actions={
        <>
          <Button variant="secondary" onClick={close}>
            {say("action.cancel")}
          </Button>
          <Button
            variant="error"
            disabled={busy || name !== store.name}
            onClick={() => void go()}
          >
            {say("stores.delete")}
          </Button>
        </>
      }
    >
      <Text as="p">{say("stores.delete.what")}</Text>
      <TextField
        label={say("stores.delete.name", { name: store.name })}
        value={name}
        onChange={setName}
      />
      <ProblemNote problem={problem} />
    </Dialog>
  );
}

export function StoreDeeds({ store }: { store: Store }) {
  const say = useSay();
  const bridge = useBridge();
  const [asked, setAsked] = useState<"deactivate" | "delete" | null>(null);
  const activating = useDeed(ActivateStore);
  const activate = async () => {
    if (await activating.run({ id: store.id })) {
      notify(bridge, "success", say("stores.activated", { name: store.name }));
    }
  };
  const close = () => {
    setAsked(null);
  };
  const open = (what: "deactivate" | "delete") => () => {
    setAsked(what);
  };
  return (
    <>
      <ProblemNote problem={activating.problem} />
      <Box display="flex" gap={2} flexWrap="wrap">
        <Button
          size="small"
          variant="secondary"
          onClick={() => {
            goTo(`/stores/${store.id}/settings`);
          }}
        >
          {say("stores.settings")}
        </Button>
        {store.status === "INACTIVE" ? (
          <Button
            size="small"
            variant="secondary"
            disabled={activating.busy}
            onClick={() => void activate()}
          >
            {say("stores.activate")}
          </Button>
        ) : (
          <Button size="small" variant="secondary" onClick={open("deactivate")}>
            {say("stores.deactivate")}
          </Button>
        )}
        <Button size="small" variant="tertiary" onClick={open("delete")}>
          {say("stores.delete")}
        </Button>
      </Box>
      {asked === "deactivate" && <Deactivating store={store} close={close} />}
      {asked === "delete" && <Deleting store={store} close={close} />}
    </>
  );
}
