// What can be done with an order, from its head.
import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { useDeed } from "../../api/act";
import { notify, openInDashboard, useBridge } from "../../dashboard/bridge";
import { useSay } from "../../messages";
import { OutLink } from "../../parts/Link";
import { hostPath } from "../../parts/OrderNumber";
import { ProblemNote } from "../../parts/ProblemNote";
import { CancelDialog } from "./CancelDialog";
import { RetryOrder } from "./deeds";
import type { OrderHead } from "./documents";
import { PreviewDialog } from "./PreviewDialog";

export function Actions({ order }: { order: OrderHead }) {
  const say = useSay();
  const bridge = useBridge();
  const { run, busy, problem } = useDeed(RetryOrder);
  const [open, setOpen] = useState<"cancel" | "preview" | null>(null);
  const close = () => {
    setOpen(null);
  };
  const retry = async () => {
    const done = await run({ id: order.id });
    if (done) notify(bridge, "success", say("order.retried"), say("order.retried.text"));
  };
  const { saleorOrderId } = order;
  const isOnItsWay = order.outbox.some(
    ({ kind, state }) => kind === "CANCELLATION" && state !== "REFUSED",
  );
  return (
    <>
      <ProblemNote problem={problem} />
      <OutLink to={order.sellerCentralUrl}>{say("order.sellerCentral")}</OutLink>
      {saleorOrderId === null && (
        <Button
          variant="secondary"
          onClick={() => {
            setOpen("preview");
          }}
        >
          {say("order.preview")}
        </Button>
      )}
      {order.canCancel && !isOnItsWay && (
        <Button
          variant="secondary"
          onClick={() => {
            setOpen("cancel");
          }}
        >
          {say("order.cancel")}
        </Button>
      )}
      {order.canRetry && (
        <Button disabled={busy} onClick={() => void retry()}>
          {say("order.retry")}
        </Button>
      )}
      {saleorOrderId !== null && (
        <Button
          onClick={() => {
            openInDashboard(bridge, hostPath(saleorOrderId));
          }}
        >
          {say("order.openInSaleor")}
        </Button>
      )}
      {open === "cancel" && <CancelDialog order={order} close={close} />}
      {open === "preview" && <PreviewDialog order={order} close={close} />}
    </>
  );
}
