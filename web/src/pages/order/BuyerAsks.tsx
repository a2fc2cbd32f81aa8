// The buyer's wish to cancel, on top of everything, and the rule for Prime orders.
import { Box, Button, Text } from "@saleor/macaw-ui";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { useSay } from "../../messages";
import { ProblemNote } from "../../parts/ProblemNote";
import { When } from "../../parts/When";
import { ApproveShipment } from "./deeds";
import type { OrderHead } from "./documents";

export function BuyerAsks({ order }: { order: OrderHead }) {
  const say = useSay();
  const bridge = useBridge();
  const { run, busy, problem } = useDeed(ApproveShipment);
  const isPrime = order.fulfilment === "FBM" && order.programs.includes("PRIME");
  const isOpen = order.status === "UNSHIPPED" || order.status === "PARTIALLY_SHIPPED";
  const waits = order.outbox.some(({ kind, state }) => kind === "SHIPMENT" && state === "WAITING");
  const approve = async () => {
    const done = await run({ orderId: order.id });
    if (done) notify(bridge, "success", say("order.approved"));
  };
  return (
    <>
      {order.cancelRequested && (
        <Box role="status" className="notice careful wide" paddingX={6} paddingY={3}>
          <Text as="p" size={3} fontWeight="medium" className="inherit">
            {say("order.buyerAsks")}
            {order.cancelRequestReason !== null && ` ${order.cancelRequestReason}`}
          </Text>
          <Text as="p" size={3} className="inherit">
            {say(waits ? "order.buyerAsks.waits" : "order.buyerAsks.whatToDo")}{" "}
            {waits && order.shipBy !== null && (
              <>
                {say("orders.column.shipBy")}:{" "}
                <When at={order.shipBy} timeZone={order.marketplace?.timeZone} />
              </>
            )}
          </Text>
          {waits && (
            <Box marginTop={2}>
              <Button variant="secondary" disabled={busy} onClick={() => void approve()}>
                {say("order.approve")}
              </Button>
            </Box>
          )}
          <ProblemNote problem={problem} />
        </Box>
      )}
      {isPrime && isOpen && (
        <Box role="note" className="notice wide" paddingX={6} paddingY={3}>
          <Text as="p" size={3} className="inherit">
            {say("order.prime")}
          </Text>
        </Box>
      )}
    </>
  );
}
