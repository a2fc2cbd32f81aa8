// The number of an order, leading to where the order can be worked on.
import { graphql, type FragmentOf } from "../api/graphql";
import { HostLink, Link } from "./Link";

/** What a page has to ask of an order to show its number. */
export const OrderNumberFields = graphql(`
  fragment OrderNumberFields on Order {
    id
    amazonOrderId
    saleorOrderId
    saleorOrderNumber
  }
`);

type Order = FragmentOf<typeof OrderNumberFields>;

/** Amazon's number: the order in the dashboard if there is one, else our page of it. */
export function AmazonNumber({ order }: { order: Order }) {
  if (order.saleorOrderId !== null) {
    return <HostLink to={hostPath(order.saleorOrderId)}>{order.amazonOrderId}</HostLink>;
  }
  return <Link to={`/orders/${order.id}`}>{order.amazonOrderId}</Link>;
}

/** The host's number, or a dash while there is no order in the host. */
export function HostNumber({ order }: { order: Order }) {
  if (order.saleorOrderId === null || order.saleorOrderNumber === null) return <>–</>;
  return <HostLink to={hostPath(order.saleorOrderId)}>#{order.saleorOrderNumber}</HostLink>;
}

/** Where the dashboard shows an order. */
export const hostPath = (saleorOrderId: string): string =>
  `/orders/${encodeURIComponent(saleorOrderId)}`;
