// The orders of one page of the list.
import { useSay } from "../../messages";
import { Amount } from "../../parts/Amount";
import { Link } from "../../parts/Link";
import { AmazonNumber, HostNumber } from "../../parts/OrderNumber";
import { OrderStatus } from "../../parts/OrderStatus";
import { When } from "../../parts/When";
import type { ListedOrder } from "./query";

export function Rows({ orders }: { orders: readonly ListedOrder[] }) {
  return (
    <tbody>
      {orders.map((order) => (
        <Row key={order.id} order={order} />
      ))}
    </tbody>
  );
}

function Row({ order }: { order: ListedOrder }) {
  const say = useSay();
  const timeZone = order.marketplace?.timeZone;
  return (
    <tr>
      <td>
        <When at={order.purchasedAt} timeZone={timeZone} />
      </td>
      <th scope="row" className="once">
        <AmazonNumber order={order} />
        <Link to={`/orders/${order.id}`} className="link view">
          {say(order.canCancel ? "order.viewOrCancel" : "order.view")}
          <span className="unseen"> {order.amazonOrderId}</span>
        </Link>
      </th>
      <td className="once">
        <HostNumber order={order} />
      </td>
      <td>
        <OrderStatus order={order} />
      </td>
      <td className="name" title={order.buyerName ?? undefined}>
        <span>{order.buyerName ?? "–"}</span>
      </td>
      <td className="number">
        <Amount of={order.total} />
      </td>
      <td>{order.fulfilment ?? "–"}</td>
      <td className="once">{order.marketplace?.name ?? "–"}</td>
      <td>
        <When at={order.shipBy} timeZone={timeZone} />
      </td>
      <td className="note" title={order.lastNote ?? undefined}>
        <span>{order.lastNote ?? "–"}</span>
      </td>
    </tr>
  );
}
