// How an Amazon order becomes an order of the shop.
import { type Key, useSay } from "../../messages";
import { Choice, FieldGroup, TextField } from "../../parts/fields";
import type { Channel, Draft, PartProps } from "./documents";

const CHOICES = {
  fbaOrders: ["IMPORT_WHEN_SHIPPED", "DO_NOT_IMPORT"],
  customer: ["GUEST", "CREATE_OR_REUSE"],
  buyerEmail: ["NONE", "UNDELIVERABLE", "AMAZON_ALIAS"],
  orderNumber: ["HOST", "AMAZON"],
  newOrderStatus: ["UNCONFIRMED", "CONFIRMED"],
  pendingOrders: ["DO_NOT_RESERVE", "RESERVE"],
  unknownSku: ["HOLD", "PLACEHOLDER"],
  cancelReason: [
    "NO_INVENTORY",
    "SHIPPING_ADDRESS_UNDELIVERABLE",
    "CUSTOMER_EXCHANGE",
    "GENERAL_ADJUSTMENT",
    "PRICING_ERROR",
  ],
  refundReason: [
    "CUSTOMER_RETURN",
    "NO_INVENTORY",
    "GENERAL_ADJUSTMENT",
    "COULD_NOT_SHIP",
    "DIFFERENT_ITEM",
    "CUSTOMER_CANCEL",
    "PRICE_ERROR",
    "EXCHANGE",
    "UNDELIVERABLE",
    "REFUSED_DELIVERY",
    "OTHER",
  ],
} as const satisfies { [Name in keyof Draft]?: readonly Draft[Name][] };
type Name = keyof typeof CHOICES;

function OneOf({ name, draft, change, disabled }: PartProps & { name: Name }) {
  const say = useSay();
  return (
    <Choice
      label={say(`settings.${name}`)}
      help={say(`settings.${name}.help`)}
      disabled={disabled}
      value={draft[name]}
      options={CHOICES[name].map((value) => ({
        value,
        label: say(`settings.${name}.${value}` as Key),
      }))}
      onChange={(value) => {
        change({ [name]: value });
      }}
    />
  );
}

export function OrderChoices({ channels, ...part }: PartProps & { channels: readonly Channel[] }) {
  const say = useSay();
  const { draft, change, disabled } = part;
  const used = channels.filter((one) =>
    draft.importInto.some((target) => target.channelSlug === one.slug),
  );
  const allConfirm = used.length > 0 && used.every((one) => one.confirmsByItself);
  return (
    <>
      <FieldGroup title={say("settings.orders")} note={say("settings.orders.note")}>
        <OneOf name="fbaOrders" {...part} />
        <OneOf name="newOrderStatus" {...part} disabled={disabled || allConfirm} />
        <OneOf name="orderNumber" {...part} />
      </FieldGroup>
      <FieldGroup title={say("settings.buyers")} note={say("settings.buyers.note")}>
        <OneOf name="customer" {...part} />
        <OneOf name="buyerEmail" {...part} />
        {draft.buyerEmail === "AMAZON_ALIAS" && (
          <div role="status" className="problem padded">
            {say("settings.buyerEmail.warning")}
          </div>
        )}
      </FieldGroup>
      <FieldGroup title={say("settings.stock")} note={say("settings.stock.note")}>
        <OneOf name="pendingOrders" {...part} />
        {draft.pendingOrders === "RESERVE" && (
          <TextField
            type="number"
            label={say("settings.longestReservationHours")}
            help={say("settings.longestReservationHours.help")}
            disabled={disabled}
            min={1}
            max={336}
            value={String(draft.longestReservationHours)}
            onChange={(value) => {
              change({ longestReservationHours: Math.trunc(Number(value)) });
            }}
          />
        )}
        <OneOf name="unknownSku" {...part} />
        {draft.unknownSku === "PLACEHOLDER" && (
          <TextField
            label={say("settings.placeholderSku")}
            help={say("settings.placeholderSku.help")}
            disabled={disabled}
            required
            value={draft.placeholderSku ?? ""}
            onChange={(value) => {
              change({ placeholderSku: value || null });
            }}
          />
        )}
      </FieldGroup>
      <FieldGroup title={say("settings.reasons")} note={say("settings.reasons.note")}>
        <OneOf name="cancelReason" {...part} />
        <OneOf name="refundReason" {...part} />
      </FieldGroup>
    </>
  );
}
