// Cancels an order at Amazon, after a reason was chosen and everything was said twice.
import { Button, Text } from "@saleor/macaw-ui";
import { useState } from "react";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { type Key, useSay } from "../../messages";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/ProblemNote";
import { type CancelReason, CancelOrder } from "./deeds";
import type { OrderHead } from "./documents";

const REASONS: Record<CancelReason, Key> = {
  NO_INVENTORY: "settings.cancelReason.NO_INVENTORY",
  SHIPPING_ADDRESS_UNDELIVERABLE: "settings.cancelReason.SHIPPING_ADDRESS_UNDELIVERABLE",
  CUSTOMER_EXCHANGE: "settings.cancelReason.CUSTOMER_EXCHANGE",
  BUYER_CANCELED: "order.cancel.BUYER_CANCELED",
  GENERAL_ADJUSTMENT: "settings.cancelReason.GENERAL_ADJUSTMENT",
  PRICING_ERROR: "settings.cancelReason.PRICING_ERROR",
};

export function CancelDialog({ order, close }: { order: OrderHead; close: () => void }) {
  const say = useSay();
  const bridge = useBridge();
  const { run, busy, problem } = useDeed(CancelOrder);
  const asks = order.cancelRequested;
  const isPrime = order.programs.includes("PRIME");
  const [reason, setReason] = useState<CancelReason | null>(asks ? "BUYER_CANCELED" : null);
  const [isSure, setSure] = useState(!isPrime);
  const cancel = async () => {
    if (reason === null) return;
    const done = await run({ orderId: order.id, reason });
    if (!done) return;
    notify(bridge, "success", say("order.cancelled"), say("order.cancelled.text"));
    close();
  };
  return (
    <Dialog
      title={say("order.cancel.title", { number: order.amazonOrderId })}
      close={close}
      actions={
        <>
          <Button variant="secondary" onClick={close}>
            {say("order.cancel.keep")}
          </Button>
          <Button
            variant="error"
            disabled={busy || reason === null || !isSure}
            onClick={() => void cancel()}
          >
            {say("order.cancel.do")}
          </Button>
        </>
      }
    >
      <Text as="p" size={3}>
        {say(order.saleorOrderId === null ? "order.cancel.what" : "order.cancel.what.both")}
      </Text>
      <fieldset className="radios">
        <legend>{say("order.cancel.reason")}</legend>
        {(Object.keys(REASONS) as CancelReason[]).map((each) => (
          <label key={each} className="radio">
            <input
              type="radio"
              name="reason"
              checked={reason === each}
              // Amazon takes the buyer for the reason while the buyer asks, and only then.
              disabled={asks !== (each === "BUYER_CANCELED")}
              onChange={() => {
                setReason(each);
              }}
            />
            {say(REASONS[each])}
          </label>
        ))}
      </fieldset>
      <Text as="p" size={2} className="quiet">
        {say(asks ? "order.cancel.asks" : "order.cancel.asksNot")}
      </Text>
      {isPrime && (
        <label className="radio">
          <input
            type="checkbox"
            checked={isSure}
            onChange={(event) => {
              setSure(event.target.checked);
            }}
          />
          {say("order.cancel.prime")}
        </label>
      )}
      <ProblemNote problem={problem} />
    </Dialog>
  );
}
