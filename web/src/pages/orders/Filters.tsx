// What to look for: the two usual things at once, the others unfolded.
import { Box, Button } from "@saleor/macaw-ui";
import { type FormEvent, useId, useState } from "react";

import { useSay } from "../../messages";
import { TextField } from "../../parts/fields";
import { MoreFilters } from "./MoreFilters";
import type { StoreOfOrders } from "./query";
import { amountOf, NOTHING, type Wanted } from "./wanted";

type Props = {
  wanted: Wanted;
  stores: readonly StoreOfOrders[];
  find: (wanted: Wanted) => void;
};
export type Wrong = { totalFrom: boolean; totalTo: boolean };

const isWrong = (text: string): boolean => text.trim() !== "" && amountOf(text) === null;

export function Filters({ wanted, stores, find }: Props) {
  const say = useSay();
  const panel = useId();
  const [draft, setDraft] = useState(wanted);
  const [isOpen, setOpen] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({ totalFrom: false, totalTo: false });
  const change = (changed: Partial<Wanted>) => {
    setDraft((before) => ({ ...before, ...changed }));
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = { totalFrom: isWrong(draft.totalFrom), totalTo: isWrong(draft.totalTo) };
    setWrong(found);
    if (found.totalFrom || found.totalTo) {
      setOpen(true);
      return;
    }
    setOpen(false);
    find({
      ...draft,
      totalFrom: amountOf(draft.totalFrom) ?? "",
      totalTo: amountOf(draft.totalTo) ?? "",
    });
  };

  return (
    <form role="search" className="findOrders" onSubmit={submit}>
      <Box display="flex" flexWrap="wrap" gap={3} alignItems="center">
        <div className="grows">
          <TextField
            size="small"
            label={say("orders.filter.number")}
            value={draft.number}
            onChange={(number) => {
              change({ number });
            }}
          />
        </div>
        <div className="grows">
          <TextField
            size="small"
            label={say("orders.filter.buyer")}
            value={draft.buyer}
            onChange={(buyer) => {
              change({ buyer });
            }}
          />
        </div>
        <Button
          type="button"
          variant="secondary"
          aria-expanded={isOpen}
          aria-controls={panel}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          {say("orders.filter.more")}
        </Button>
        <Button type="submit">{say("orders.filter.find")}</Button>
      </Box>
      <div id={panel} hidden={!isOpen}>
        <MoreFilters draft={draft} change={change} wrong={wrong} stores={stores} />
        <Box display="flex" justifyContent="flex-end" gap={2} marginTop={4}>
          <Button
            type="button"
            variant="tertiary"
            onClick={() => {
              setOpen(false);
              find(NOTHING);
            }}
          >
            {say("orders.filter.clear")}
          </Button>
          <Button type="submit">{say("orders.filter.find")}</Button>
        </Box>
      </div>
    </form>
  );
}
