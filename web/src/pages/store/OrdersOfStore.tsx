// The orders of a store that are held, each with what to do, and the newest ones.
import { Button, Text } from "@saleor/macaw-ui";
import { useQuery } from "urql";

import { useDeed } from "../../api/act";
import { useSay } from "../../messages";
import { Amount } from "../../parts/Amount";
import { HostLink, Link } from "../../parts/Link";
import { AmazonNumber, HostNumber } from "../../parts/OrderNumber";
import { OrderStatus } from "../../parts/OrderStatus";
import { Section } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { Failed, Loading } from "../../parts/states";
import { When } from "../../parts/When";
import { type OrderRow, OrdersOfStoreQuery, RetryHeldOrder } from "./documents";

// A list that is empty holds no order by which a change would be noticed.
const CONTEXT = { additionalTypenames: ["Order"] };

function Held({ order }: { order: OrderRow }) {
  const say = useSay();
  const { run, busy, problem } = useDeed(RetryHeldOrder);
  return (
    <tr>
      <td>
        <Link to={`/orders/${order.id}`}>{order.amazonOrderId}</Link>
      </td>
      <td>
        <When at={order.purchasedAt} timeZone={order.marketplace?.timeZone} />
      </td>
      <td className="reasons">
        <ul>
          {order.reasons.map((reason) => (
            <li key={`${reason.code}${reason.message}`}>
              {reason.message}{" "}
              {reason.link !== null && (
                <HostLink to={reason.link}>{say("held.open")}</HostLink>
              )}
            </li>
          ))}
        </ul>
        <ProblemNote problem={problem} />
      </td>
      <td className="number">
        <Button
          size="small"
          variant="secondary"
          disabled={busy || !order.canRetry}
          onClick={() => void run({ id: order.id })}
        >
          {say("held.retry")}
          <span className="unseen"> {order.amazonOrderId}</span>
        </Button>
      </td>
    </tr>
  );
}

function Recent({ order }: { order: OrderRow }) {
  return (
    <tr>
      <td>
        <When at={order.purchasedAt} timeZone={order.marketplace?.timeZone} />
      </td>
      <td>
        <AmazonNumber order={order} />
      </td>
      <td>
        <HostNumber order={order} />
      </td>
      <td>
        <OrderStatus order={order} />
      </td>
      <td>{order.buyerName ?? "–"}</td>
      <td className="number">
        <Amount of={order.total} />
      </td>
    </tr>
  );
}

type Props = { store: { id: string; heldOrders: number }; part: "held" | "recent" };

export function OrdersOfStore({ store, part }: Props) {
  const say = useSay();
  const [{ data, error }, reload] = useQuery({
    query: OrdersOfStoreQuery,
    variables: { id: store.id },
    context: CONTEXT,
  });
  const orders = data?.[part].nodes ?? [];
  const isHeld = part === "held";
  // Nothing held is the rule and needs no word; a failure is told once, by the other part.
  if (isHeld && orders.length === 0) return null;
  const heads = isHeld
    ? (["order.number", "order.purchased", "held.whatToDo"] as const)
    : (["order.purchased", "order.number", "order.hostNumber", "order.status", "order.buyer"] as const);
  const all = `/orders?${isHeld ? "held=1&" : ""}store=${store.id}`;
  return (
    <Section
      title={isHeld ? say("stores.held", { count: store.heldOrders }) : say("recent.title")}
      actions={<Link to={all}>{say(isHeld ? "held.all" : "recent.all")}</Link>}
    >
      {!data && (error ? <Failed error={error} retry={reload} /> : <Loading />)}
      {data && orders.length === 0 && (
        <Text as="p" size={3}>
          {say("recent.none")}
        </Text>
      )}
      {orders.length > 0 && (
        <div className="scrolls">
          <table className="table">
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {say(head)}
                  </th>
                ))}
                <th scope="col" className="number">
                  {isHeld ? <span className="unseen">{say("held.retry")}</span> : say("order.total")}
                </th>
              </tr>
            </thead>
            <tbody>
              {orders.map((order) =>
                isHeld ? <Held key={order.id} order={order} /> : <Recent key={order.id} order={order} />,
              )}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
