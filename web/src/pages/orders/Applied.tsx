// What the list was narrowed by, each with a button that takes it away again.
import { day } from "../../format/dates";
import { useWords } from "../../messages";
import type { StoreOfOrders } from "./query";
import { isFiltered, NOTHING, type Wanted } from "./wanted";

type Props = {
  wanted: Wanted;
  stores: readonly StoreOfOrders[];
  find: (wanted: Wanted) => void;
};
type One = { key: string; words: string; without: Partial<Wanted> };

export function Applied({ wanted, stores, find }: Props) {
  const { say } = useWords();
  const all = useApplied(wanted, stores);
  if (!isFiltered(wanted)) return null;
  return (
    <ul className="applied" aria-label={say("orders.filter.applied")}>
      {all.map(({ key, words, without }) => (
        <li key={key}>
          <button
            type="button"
            className="applied-one"
            onClick={() => {
              find({ ...wanted, ...without });
            }}
          >
            {words}
            <span aria-hidden="true"> ×</span>
            <span className="unseen"> {say("orders.filter.remove")}</span>
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className="sort"
          onClick={() => {
            find(NOTHING);
          }}
        >
          {say("orders.filter.clear")}
        </button>
      </li>
    </ul>
  );
}

function useApplied(wanted: Wanted, stores: readonly StoreOfOrders[]): One[] {
  const { say, locale } = useWords();
  const found: One[] = [];
  const add = (name: keyof Wanted, value: string) => {
    if (value) {
      const words = `${say(`orders.filter.${name as "number"}`)}: ${value}`;
      found.push({ key: name, words, without: { [name]: NOTHING[name] } });
    }
  };
  add("number", wanted.number);
  add("buyer", wanted.buyer);
  add("from", wanted.from && day(wanted.from, locale));
  add("to", wanted.to && day(wanted.to, locale));
  add("totalFrom", wanted.totalFrom);
  add("totalTo", wanted.totalTo);
  add("currency", wanted.currency);
  add("held", wanted.held && say(`orders.filter.held.${wanted.held}`));
  add("fulfilment", wanted.fulfilment && say(`orders.filter.${wanted.fulfilment}`));

  const each = <Name extends "statuses" | "stores" | "marketplaces">(
    name: Name,
    wordsOf: (value: string) => string | undefined,
  ) => {
    for (const value of wanted[name]) {
      const rest = (wanted[name] as string[]).filter((other) => other !== value);
      found.push({ key: value, words: wordsOf(value) ?? value, without: { [name]: rest } });
    }
  };
  const marketplaces = stores.flatMap((store) => store.marketplaces);
  each("statuses", (status) => say(`status.${status as Wanted["statuses"][number]}`));
  each("stores", (id) => stores.find((store) => store.id === id)?.name);
  each("marketplaces", (id) => marketplaces.find((one) => one.id === id)?.name);
  return found;
}
