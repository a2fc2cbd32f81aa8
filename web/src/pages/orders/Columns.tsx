// The head of the list: each column but the buyer's sorts the whole list, not only the page.
import { Tooltip } from "@saleor/macaw-ui";

import { type Key, useSay } from "../../messages";
import { FIRST, type Sort, type SortField } from "./wanted";

type Column = { words: Key; sortBy?: SortField; help?: Key; isNumber?: boolean };

const COLUMNS: Column[] = [
  { words: "orders.column.purchasedAt", sortBy: "PURCHASED_AT" },
  { words: "orders.column.amazonNumber", sortBy: "AMAZON_ORDER_ID" },
  { words: "orders.column.saleorNumber", sortBy: "SALEOR_ORDER_NUMBER" },
  { words: "orders.column.status", sortBy: "STATUS" },
  { words: "orders.column.buyer", help: "orders.column.buyer.help" },
  {
    words: "orders.column.total",
    sortBy: "TOTAL",
    help: "orders.column.total.help",
    isNumber: true,
  },
  { words: "orders.column.fulfilment", sortBy: "FULFILMENT", help: "orders.column.fulfilment.help" },
  { words: "orders.column.marketplace", sortBy: "MARKETPLACE" },
  { words: "orders.column.shipBy", sortBy: "SHIP_BY" },
  { words: "orders.column.lastNote", sortBy: "LAST_NOTE" },
];

type Props = { sort: Sort; choose: (sort: Sort) => void };

export function Columns({ sort, choose }: Props) {
  return (
    <thead>
      <tr>
        {COLUMNS.map((column) => (
          <ColumnHead key={column.words} column={column} sort={sort} choose={choose} />
        ))}
      </tr>
    </thead>
  );
}

function ColumnHead({ column, sort, choose }: Props & { column: Column }) {
  const say = useSay();
  const { words, sortBy, help, isNumber } = column;
  const isSorted = sortBy !== undefined && sort.field === sortBy;
  const isUp = sort.direction === "ASC";
  const next = (): Sort | null => {
    if (!sortBy) return null;
    if (!isSorted) return { field: sortBy, direction: FIRST[sortBy] };
    return { field: sortBy, direction: isUp ? "DESC" : "ASC" };
  };
  return (
    <th
      scope="col"
      className={isNumber ? "number" : undefined}
      aria-sort={isSorted ? (isUp ? "ascending" : "descending") : undefined}
    >
      <span className="column">
        {sortBy ? (
          <button
            type="button"
            className="sort"
            onClick={() => {
              const wanted = next();
              if (wanted) choose(wanted);
            }}
          >
            {say(words)}
            <span aria-hidden="true">{isSorted ? (isUp ? " ↑" : " ↓") : ""}</span>
          </button>
        ) : (
          say(words)
        )}
        {help && (
          <Tooltip>
            <Tooltip.Trigger>
              <button type="button" className="help" aria-label={say(help)}>
                ?
              </button>
            </Tooltip.Trigger>
            <Tooltip.Content side="bottom">
              <Tooltip.Arrow />
              <span className="tip">{say(help)}</span>
            </Tooltip.Content>
          </Tooltip>
        )}
      </span>
    </th>
  );
}
