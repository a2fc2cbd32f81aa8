// Why an order is not in Saleor, each reason with the way to where it is set right.
import { Text } from "@saleor/macaw-ui";

import { useSay } from "../../messages";
import { HostLink, Link } from "../../parts/Link";
import { Section } from "../../parts/Page";
import { useViewer } from "../../parts/viewer";
import type { OrderHead } from "./documents";

type Reason = OrderHead["reasons"][number];
// What a store's settings decide; everything else is set right in the shop or at Amazon.
const BY_SETTINGS = ["CHANNEL_NOT_SET", "CURRENCY_MISMATCH", "SHIPPING_METHOD_MISSING"];

export function Reasons({ order }: { order: OrderHead }) {
  const say = useSay();
  const isHeld = order.importState === "HELD";
  if (order.importState === "NEW" || order.importState === "PLACING") {
    return <Section title={say("order.placing")} note={say("order.placing.note")} />;
  }
  if (order.reasons.length === 0 || (!isHeld && order.importState !== "SKIPPED")) return null;
  return (
    <div className={isHeld ? "notice careful wide" : undefined}>
      <Section
        title={say(isHeld ? "order.held" : "order.skipped")}
        note={isHeld ? say("order.held.note") : undefined}
      >
        <ReasonList reasons={order.reasons} storeId={order.store.id} />
      </Section>
    </div>
  );
}

export function ReasonList({ reasons, storeId }: { reasons: readonly Reason[]; storeId: string }) {
  return (
    <ul className="reasons">
      {reasons.map((reason) => (
        <li key={`${reason.code} ${reason.message}`}>
          <Text size={3}>{reason.message}</Text> <Ways reason={reason} storeId={storeId} />
        </li>
      ))}
    </ul>
  );
}

function Ways({ reason, storeId }: { reason: Reason; storeId: string }) {
  const say = useSay();
  const { canManage } = useViewer();
  return (
    <span className="ways">
      {reason.link !== null && <HostLink to={reason.link}>{say("order.reason.open")}</HostLink>}
      {canManage && BY_SETTINGS.includes(reason.code) && (
        <Link to={`/stores/${storeId}/settings`}>{say("order.reason.settings")}</Link>
      )}
      {canManage && reason.code === "UNKNOWN_SKU" && (
        <Link to="/unmatched">{say("nav.unmatched")}</Link>
      )}
    </span>
  );
}
