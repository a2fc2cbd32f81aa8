// The tab "Items": what was bought, how much of it left, and what it cost.
import { useQuery } from "urql";

import { useSay } from "../../messages";
import { useAgain } from "../../parts/again";
import { Amount } from "../../parts/Amount";
import { Empty, Failed, Loading } from "../../parts/states";
import { type Item, OrderItemsQuery } from "./documents";
import { EVERY_MS } from "./every";
import { asWords } from "../../format/words";

export function Items({ id }: { id: string }) {
  const say = useSay();
  const [{ data, error }, reload] = useQuery({ query: OrderItemsQuery, variables: { id } });
  useAgain(reload, EVERY_MS);
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  const items = data.order?.items ?? [];
  if (items.length === 0) {
    return <Empty title={say("items.none")}>{say("items.none.whatToDo")}</Empty>;
  }
  const isCancelled = items.some(({ cancelled }) => cancelled > 0);
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label={say("order.tab.items")}>
      <table className="table bleed">
        <thead>
          <tr>
            <th scope="col">{say("item.title")}</th>
            <th scope="col">{say("item.sku")}</th>
            <th scope="col">ASIN</th>
            <th scope="col">{say("item.condition")}</th>
            <th scope="col" className="number">
              {say("item.ordered")}
            </th>
            <th scope="col" className="number">
              {say("item.shipped")}
            </th>
            {isCancelled && (
              <th scope="col" className="number">
                {say("item.cancelled")}
              </th>
            )}
            <th scope="col" className="number">
              {say("item.price")}
            </th>
            <th scope="col" className="number">
              {say("item.tax")}
            </th>
            <th scope="col" className="number">
              {say("item.shippingPrice")}
            </th>
            <th scope="col">{say("item.gift")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} isCancelled={isCancelled} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `NEW NEW`, a kind and a part of it, as `New`. */
const condition = (words: string): string => asWords([...new Set(words.split(" "))].join(" "));

function Row({ item, isCancelled }: { item: Item; isCancelled: boolean }) {
  return (
    <tr>
      <th scope="row" className="title">
        {item.title}
      </th>
      <td>{item.sellerSku ?? "–"}</td>
      <td>{item.asin ?? "–"}</td>
      <td>{item.condition === null ? "–" : condition(item.condition)}</td>
      <td className="number">{item.ordered}</td>
      <td className="number">{item.shipped}</td>
      {isCancelled && <td className="number">{item.cancelled}</td>}
      <td className="number">
        <Amount of={item.price} />
      </td>
      <td className="number">
        <Amount of={item.tax} />
      </td>
      <td className="number">
        <Amount of={item.shippingPrice} />
      </td>
      <td>{item.gift ?? "–"}</td>
    </tr>
  );
}
