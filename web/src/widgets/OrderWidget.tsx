// What the dashboard shows beside an order that came from Amazon.
import { Text } from "@saleor/macaw-ui";
import { useQuery } from "urql";
import { useSearch } from "wouter";

import { useSay } from "../messages";
import { useAgain } from "../parts/again";
import { OrderStatus } from "../parts/OrderStatus";
import { Failed, Loading } from "../parts/states";
import { When } from "../parts/When";
import { Facts } from "./OrderWidgetFacts";
import { OrderWidgetQuery, type WidgetOrder } from "./orderWidgetQuery";
import { Parcels } from "./Parcels";
import { AppLink, Widget } from "./Widget";

const EVERY_MS = 15_000;

export default function OrderWidget() {
  const say = useSay();
  const saleorOrderId = new URLSearchParams(useSearch()).get("orderId") ?? "";
  const [{ data, error }, reload] = useQuery({
    query: OrderWidgetQuery,
    variables: { saleorOrderId },
    pause: saleorOrderId === "",
  });
  useAgain(reload, EVERY_MS);
  if (saleorOrderId !== "" && !data) {
    return <Widget>{error ? <Failed error={error} retry={reload} /> : <Loading />}</Widget>;
  }
  const order = data?.orderBySaleorId;
  return (
    <Widget>
      {order ? (
        <Known order={order} />
      ) : (
        <Text as="p" size={3}>
          {say("widget.notFromAmazon")}
        </Text>
      )}
    </Widget>
  );
}

function Known({ order }: { order: WidgetOrder }) {
  const say = useSay();
  return (
    <>
      <p className="lead">
        <AppLink to={`/orders/${order.id}`}>{order.amazonOrderId}</AppLink>
        <OrderStatus order={order} />
      </p>
      <Notices order={order} />
      <ShipBy order={order} />
      <Parcels order={order} />
      <Facts order={order} />
      <ul className="links">
        <li>
          <AppLink to={`/orders/${order.id}`}>
            {say(order.canCancel ? "order.viewOrCancel" : "order.view")}
          </AppLink>
        </li>
        <li>
          <AppLink to="/orders">{say("widget.all")}</AppLink>
        </li>
      </ul>
    </>
  );
}

const isOpen = (order: WidgetOrder): boolean =>
  order.status === "UNSHIPPED" || order.status === "PARTIALLY_SHIPPED";

function Notices({ order }: { order: WidgetOrder }) {
  const say = useSay();
  const isPrime = order.fulfilment === "FBM" && order.programs.includes("PRIME");
  const { status, name } = order.store;
  return (
    <>
      {order.cancelRequested && (
        <p className="notice careful padded" role="status">
          {say("order.buyerAsks")}
          {order.cancelRequestReason !== null && ` ${order.cancelRequestReason}`}
        </p>
      )}
      {order.totalsEqual === false && (
        <p className="problem padded" role="status">
          {say("widget.totalsDiffer")}
        </p>
      )}
      {isPrime && isOpen(order) && <p className="notice padded">{say("order.prime")}</p>}
      {order.fulfilment === "FBA" && <p className="notice padded">{say("widget.fba")}</p>}
      {status === "REAUTHORISE" && (
        <p className="problem padded">{say("orders.store.lost", { name })}</p>
      )}
      {status === "INACTIVE" && (
        <p className="notice padded">{say("orders.store.inactive", { name })}</p>
      )}
    </>
  );
}

function ShipBy({ order }: { order: WidgetOrder }) {
  const say = useSay();
  if (order.shipBy === null || !isOpen(order)) return null;
  const timeZone = order.marketplace?.timeZone;
  return (
    <p>
      {say("orders.column.shipBy")}: <When at={order.shipBy} timeZone={timeZone} /> (
      <When at={order.shipBy} timeZone={timeZone} asRelative />)
    </p>
  );
}
