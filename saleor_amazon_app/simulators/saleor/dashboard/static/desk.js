// What staff do to an order, each in a dialog.

import { ask, el, toast } from "./html.js";
import { carryOut, money } from "./shop.js";

const FULFILL = `mutation FulfillOrder($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) { errors { field code message } }
}`;
const RENUMBER = `mutation UpdateTracking($id: ID!, $input: FulfillmentUpdateTrackingInput!) {
  orderFulfillmentUpdateTracking(id: $id, input: $input) { errors { field code message } }
}`;
const CANCEL = `mutation CancelOrder($id: ID!) {
  orderCancel(id: $id) { errors { field code message } }
}`;
const CONFIRM = `mutation ConfirmOrder($id: ID!) {
  orderConfirm(id: $id) { errors { field code message } }
}`;
const GRANT = `mutation GrantRefund($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) {
    grantedRefund { id } errors { field code message }
  }
}`;
const REQUEST_GRANTED = `mutation RequestGranted($id: ID!) {
  transactionRequestRefundForGrantedRefund(grantedRefundId: $id) {
    errors { field code message }
  }
}`;
const REQUEST = `mutation RequestRefund($id: ID!, $amount: PositiveDecimal) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) {
    errors { field code message }
  }
}`;

const labelled = (text, input) => el("label", {}, text, input);

const numbers = (lines, most) =>
  lines.map((line) =>
    labelled(
      `${line.productName} (${line.productSku ?? "no SKU"}), at most ${most(line)}`,
      el("input", { type: "number", name: line.id, min: 0, max: most(line), value: most(line) }),
    ),
  );

const checkbox = (name, text, checked) =>
  labelled(text, el("input", { type: "checkbox", name, checked }));

async function done(problem, words, look) {
  if (problem) return problem;
  toast({ status: "success", text: words });
  await look();
  return "";
}

export function fulfil(order, look) {
  const open = order.lines.filter((line) => line.quantityToFulfill > 0);
  const fields = [
    numbers(open, (line) => line.quantityToFulfill),
    labelled("Tracking number", el("input", { name: "tracking", autocomplete: "off" })),
    // Ticked in the real dashboard too.
    checkbox("notify", "Send shipment details to the customer", true),
  ];
  ask("Fulfill", fields, {
    verb: "Fulfill",
    async submit(form) {
      const lines = open
        .map((line) => ({ orderLineId: line.id, stocks: stocksFor(line, form.get(line.id), order) }))
        .filter((line) => line.stocks.length);
      const input = {
        lines,
        trackingNumber: form.get("tracking"),
        notifyCustomer: form.has("notify"),
      };
      const problem = await carryOut(FULFILL, { order: order.id, input });
      return done(problem, "Fulfilled items", look);
    },
  });
}

// Takes the units from the warehouses that keep them for the line, else from the channel's first.
function stocksFor(line, wanted, order) {
  const stocks = [];
  let rest = Number(wanted);
  for (const { quantity, warehouse } of line.allocations) {
    const taken = Math.min(rest, quantity);
    if (taken > 0) stocks.push({ warehouse: warehouse.id, quantity: taken });
    rest -= taken;
  }
  if (rest > 0) stocks.push({ warehouse: order.channel.warehouses[0].id, quantity: rest });
  return stocks;
}

export function renumber(parcel, look) {
  const number = el("input", { name: "tracking", value: parcel.trackingNumber });
  ask("Tracking", labelled("Tracking number", number), {
    verb: "Save",
    async submit(form) {
      const input = { trackingNumber: form.get("tracking"), notifyCustomer: false };
      const problem = await carryOut(RENUMBER, { id: parcel.id, input });
      return done(problem, "Tracking number saved", look);
    },
  });
}

export function cancel(order, look) {
  ask("Cancel order", el("p", {}, `Cancel order #${order.number}?`), {
    verb: "Cancel order",
    submit: async () => done(await carryOut(CANCEL, { id: order.id }), "Order cancelled", look),
  });
}

export async function confirmOrder(order, look) {
  const problem = await carryOut(CONFIRM, { id: order.id });
  if (problem) toast({ status: "error", text: problem });
  else await done("", "Order confirmed", look);
}

export function refund(order, look) {
  const [transaction] = order.transactions;
  const fields = [
    numbers(order.lines, (line) => line.quantity),
    checkbox("shipping", `Shipping, ${money(order.shippingPrice.gross)}`, false),
    labelled("Amount instead of products", el("input", { name: "amount", inputmode: "decimal" })),
  ];
  ask("Refund", fields, {
    verb: "Refund",
    async submit(form) {
      const amount = form.get("amount").trim();
      const problem = amount
        ? await carryOut(REQUEST, { id: transaction.id, amount })
        : await refundProducts(order, transaction, form);
      return done(problem, "Refund requested", look);
    },
  });
}

async function refundProducts(order, transaction, form) {
  const lines = order.lines
    .map((line) => ({ id: line.id, quantity: Number(form.get(line.id)) }))
    .filter((line) => line.quantity > 0);
  const input = {
    transactionId: transaction.id,
    lines,
    grantRefundForShipping: form.has("shipping"),
  };
  let granted;
  const keep = (answer) => (granted = answer.grantedRefund?.id);
  const problem = await carryOut(GRANT, { id: order.id, input }, keep);
  return problem || carryOut(REQUEST_GRANTED, { id: granted });
}
