// What Amazon knows of an order's parcels, and what it was told besides, a line each.
import { type Key, useSay } from "../messages";
import { OutboxChip } from "../parts/OutboxChip";
import { ParcelState } from "../parts/ParcelState";
import type { WidgetOrder } from "./orderWidgetQuery";

export function Parcels({ order }: { order: WidgetOrder }) {
  const say = useSay();
  // Shipments are shown with their parcels, unless something is wrong with them.
  const told = order.outbox.filter(
    ({ kind, state }) => kind !== "SHIPMENT" || state === "REFUSED" || state === "WAITING",
  );
  if (order.parcels.length === 0 && told.length === 0) return null;
  return (
    <ul className="parcels">
      {order.parcels.map((parcel) => (
        <li key={parcel.reference}>
          {[parcel.carrier, parcel.trackingNumber].filter(Boolean).join(" ") ||
            `${say("parcel.reference")} ${parcel.reference}`}{" "}
          · <ParcelState parcel={parcel} />
        </li>
      ))}
      {told.map(({ id, kind, state, message }) => (
        <li key={id}>
          {say(`outboxKind.${kind}` as Key)} · <OutboxChip state={state} />
          {message !== null && <div className="quiet">{message}</div>}
        </li>
      ))}
    </ul>
  );
}
