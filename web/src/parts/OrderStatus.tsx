// An order's status in the words sellers know, and the word for an order that is held.
import { Chip, type Tone } from "./Chip";
import { graphql, type FragmentOf } from "../api/graphql";
import { useSay } from "../messages";

/** What a page has to ask of an order to show its status. */
export const OrderStatusFields = graphql(`
  fragment OrderStatusFields on Order {
    status
    importState
    cancelRequested
  }
`);

type Order = FragmentOf<typeof OrderStatusFields>;

const TONES: Record<Order["status"], Tone> = {
  PENDING: "plain",
  PENDING_AVAILABILITY: "plain",
  UNSHIPPED: "careful",
  PARTIALLY_SHIPPED: "info",
  SHIPPED: "good",
  CANCELED: "plain",
  UNFULFILLABLE: "bad",
  ERROR: "bad",
};

export function OrderStatus({ order }: { order: Order }) {
  const say = useSay();
  return (
    <span className="chips">
      <Chip tone={TONES[order.status]}>{say(`status.${order.status}`)}</Chip>
      {order.importState === "HELD" && <Chip tone="bad">{say("held")}</Chip>}
      {order.cancelRequested && <Chip tone="careful">{say("cancelRequested")}</Chip>}
    </span>
  );
}
