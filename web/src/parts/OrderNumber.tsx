// The number of an order, leading to where the order can be worked on.
import { graphql, type FragmentOf } from "../api/graphql";
import { HostLink, Link, OutLink } from "./Link";

/** What a page has to ask of an order to show its number. */
export const OrderNumberFields = graphql(`
  fragment OrderNumberFields on Order {
    id
    amazonOrderId
    saleorOrderId
    saleorOrderNumber
    sellerCentralUrl
    reasons {
      code
      message
      about
      link
    }
  }
`);

type Order = FragmentOf<typeof OrderNumberFields>;

/**
 * Amazon's number: the order in the dashboard if there is one, else our page of it; where orders
 * are not imported at all, Seller Central, which alone can do anything with it.
 */
export function AmazonNumber({ order }: { order: Order }) {
  if (order.saleorOrderId !== null) {
    return <HostLink to={hostPath(order.saleorOrderId)}>{order.amazonOrderId}</HostLink>;
  }
  if (order.reasons.some(({ code }) => code === "IMPORT_DISABLED")) {
    return <OutLink to={order.sellerCentralUrl}>{order.amazonOrderId}</OutLink>;
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
