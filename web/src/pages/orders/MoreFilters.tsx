// All that orders can be told apart by, besides their number and their buyer.
import { useSay } from "../../messages";
import { Choice, TextField } from "../../parts/fields";
import { Choices } from "./Choices";
import type { Wrong } from "./Filters";
import type { StoreOfOrders } from "./query";
import { STATUSES, type Wanted } from "./wanted";

type Props = {
  draft: Wanted;
  change: (changed: Partial<Wanted>) => void;
  wrong: Wrong;
  stores: readonly StoreOfOrders[];
};

const distinct = <T,>(all: readonly T[], by: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [by(one), one])).values(),
];

export function MoreFilters({ draft, change, wrong, stores }: Props) {
  const say = useSay();
  const marketplaces = distinct(
    stores.flatMap((store) => store.marketplaces),
    ({ id }) => id,
  ).sort((one, other) => one.name.localeCompare(other.name));
  const currencies = distinct(marketplaces, ({ currency }) => currency).map((one) => one.currency);
  const any = { value: "", label: say("orders.filter.any") };

  const day = (name: "from" | "to") => (
    <TextField
      type="date"
      size="small"
      label={say(`orders.filter.${name}`)}
      value={draft[name]}
      onChange={(value) => {
        change({ [name]: value });
      }}
    />
  );
  const amount = (name: "totalFrom" | "totalTo") => (
    <TextField
      inputMode="decimal"
      size="small"
      label={say(`orders.filter.${name}`)}
      value={draft[name]}
      error={wrong[name] ? say("orders.filter.amount.wrong") : null}
      onChange={(value) => {
        change({ [name]: value });
      }}
    />
  );
  const one = (
    name: "currency" | "held" | "fulfilment",
    options: { value: string; label: string }[],
  ) => (
    <Choice
      size="small"
      label={say(`orders.filter.${name}`)}
      value={draft[name]}
      options={[any, ...options]}
      onChange={(value) => {
        change({ [name]: value });
      }}
    />
  );
  return (
    <>
      <div className="filterFields">
        {day("from")}
        {day("to")}
        {amount("totalFrom")}
        {amount("totalTo")}
        {one(
          "currency",
          currencies.map((code) => ({ value: code, label: code })),
        )}
        {one("held", [
          { value: "yes", label: say("orders.filter.held.yes") },
          { value: "no", label: say("orders.filter.held.no") },
        ])}
        {one("fulfilment", [
          { value: "FBM", label: say("orders.filter.FBM") },
          { value: "FBA", label: say("orders.filter.FBA") },
        ])}
      </div>
      <Choices
        label={say("orders.filter.status")}
        options={STATUSES.map((value) => ({ value, label: say(`status.${value}`) }))}
        chosen={draft.statuses}
        choose={(statuses) => {
          change({ statuses });
        }}
      />
      {stores.length > 1 && (
        <Choices
          label={say("orders.filter.store")}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={draft.stores}
          choose={(chosen) => {
            change({ stores: chosen });
          }}
        />
      )}
      {marketplaces.length > 1 && (
        <Choices
          label={say("orders.filter.marketplace")}
          options={marketplaces.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={draft.marketplaces}
          choose={(chosen) => {
            change({ marketplaces: chosen });
          }}
        />
      )}
    </>
  );
}
