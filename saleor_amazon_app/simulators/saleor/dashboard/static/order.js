// One order: what it holds, what staff can do to it, what apps add, and what Amazon knows of it.

import { amazonCard } from "./amazon.js";
import { extensionsAt, menu, widgets } from "./extensions.js";
import { button, card, chip, el, pairs, row, table, words } from "./html.js";
import { cancel, confirmOrder, fulfil, refund, renumber } from "./desk.js";
import { graphql, moment, money } from "./shop.js";

const LOOK_EVERY = 2000;

const ORDER = `query OrderDetails($id: ID!) {
  order(id: $id) {
    id number created status chargeStatus externalReference userEmail
    shippingMethodName
    shippingAddress {
      firstName lastName companyName streetAddress1 streetAddress2 city countryArea postalCode
      phone country { country }
    }
    subtotal { gross { amount currency } }
    shippingPrice { gross { amount currency } }
    total { gross { amount currency } }
    totalCharged { amount currency }
    metadata { key value }
    lines {
      id productName productSku quantity quantityFulfilled quantityToFulfill
      unitPrice { gross { amount currency } } totalPrice { gross { amount currency } }
      allocations { quantity warehouse { id name } }
    }
    channel { name warehouses { id name } }
    fulfillments {
      id fulfillmentOrder status trackingNumber created
      lines { quantity orderLine { productName } }
    }
    transactions {
      id name pspReference
      chargedAmount { amount currency } refundedAmount { amount currency }
      refundPendingAmount { amount currency }
      events { createdAt type message amount { amount currency } }
    }
    events { date type message }
  }
}`;

export async function orderPage(page, id) {
  const read = async () => (await graphql(ORDER, { id })).order;
  let order = await read();
  if (!order) return { nodes: [el("h1", {}, "There is no such order")], end() {} };

  const place = { ...page, refresh: () => look() };
  const params = { orderId: id };
  const actions = menu(await extensionsAt("ORDER_DETAILS_MORE_ACTIONS"), params, place);
  const added = widgets(await extensionsAt("ORDER_DETAILS_WIDGETS"), params, place);
  const amazon = amazonCard(order.externalReference);
  const title = el("h1");
  const tasks = el("div", { class: "actions" });
  const left = el("div", { class: "column" });
  const facts = el("div", { class: "column" });
  let shown;

  async function look() {
    order = await read();
    draw();
    await amazon?.look();
  }

  function draw() {
    const seen = JSON.stringify(order);
    if (seen === shown) return;
    shown = seen;
    title.replaceChildren(`Order #${order.number} `, chip(order.status), chip(order.chargeStatus));
    tasks.replaceChildren(...tasksFor(order, look));
    left.replaceChildren(lines(order), parcels(order, look), payments(order), timeline(order));
    facts.replaceChildren(customer(order), metadata(order));
  }

  draw();
  const timer = setInterval(() => document.hidden || look().catch(console.error), LOOK_EVERY);
  const right = el("div", { class: "column" }, facts, amazon?.node, added.cards);
  return {
    nodes: [
      el("div", { class: "head" }, title, tasks, actions),
      el("div", { class: "columns" }, left, right),
    ],
    frames: added.frames,
    end: () => clearInterval(timer),
  };
}

function tasksFor(order, look) {
  const open = order.lines.some((line) => line.quantityToFulfill > 0);
  const isOpen = !["CANCELED", "DRAFT", "EXPIRED"].includes(order.status);
  const isPaid = order.transactions.some((one) => one.chargedAmount.amount > 0);
  return [
    order.status === "UNCONFIRMED" ? button("Confirm", () => confirmOrder(order, look)) : null,
    isOpen && open
      ? button("Fulfill", () => fulfil(order, look), { class: "primary" })
      : null,
    isPaid ? button("Refund", () => refund(order, look)) : null,
    isOpen ? button("Cancel order", () => cancel(order, look)) : null,
  ].filter(Boolean);
}

function lines(order) {
  const headings = ["Product", "SKU", "Quantity", "Fulfilled", "Price", "Total"];
  const rows = order.lines.map((line) =>
    row(
      line.productName,
      line.productSku ?? "–",
      line.quantity,
      line.quantityFulfilled,
      money(line.unitPrice.gross),
      money(line.totalPrice.gross),
    ),
  );
  const sums = pairs(
    ["Subtotal", money(order.subtotal.gross)],
    ["Shipping", `${money(order.shippingPrice.gross)} ${order.shippingMethodName ?? ""}`],
    ["Total", money(order.total.gross)],
    ["Charged", money(order.totalCharged)],
  );
  return card("Products", table(headings, rows, "No products."), sums);
}

function parcels(order, look) {
  const rows = order.fulfillments.map((parcel) =>
    row(
      `#${order.number}-${parcel.fulfillmentOrder}`,
      chip(parcel.status),
      parcel.lines.map((line) => `${line.quantity} × ${line.orderLine.productName}`).join(", "),
      parcel.trackingNumber || "–",
      button("Edit tracking", () => renumber(parcel, look)),
    ),
  );
  const headings = ["Fulfillment", "Status", "Products", "Tracking number", "Actions"];
  return card("Fulfillments", table(headings, rows, "Nothing has left yet."));
}

function payments({ transactions }) {
  const shown = transactions.map((one) => [
    pairs(
      [one.name, one.pspReference],
      ["Charged", money(one.chargedAmount)],
      ["Refunded", one.refundedAmount.amount && money(one.refundedAmount)],
      ["Refund pending", one.refundPendingAmount.amount && money(one.refundPendingAmount)],
    ),
    table(
      ["When", "What", "Amount", "Message"],
      one.events.map((event) =>
        row(
          moment(event.createdAt),
          event.type ? words(event.type) : "–",
          money(event.amount),
          event.message,
        ),
      ),
      "Nothing happened.",
    ),
  ]);
  return card("Payments", shown.length ? shown : el("p", { class: "quiet" }, "Not paid."));
}

function timeline({ events }) {
  const rows = events.toReversed().map((event) =>
    row(moment(event.date), event.type ? words(event.type) : "–", event.message ?? ""),
  );
  return card("Timeline", table(["When", "What", "Message"], rows, "Nothing happened."));
}

function customer({ shippingAddress: to, userEmail, channel, created }) {
  return card(
    "Customer",
    pairs(
      ["Name", to && `${to.firstName} ${to.lastName}`],
      ["Company", to?.companyName],
      ["Street", to && [to.streetAddress1, to.streetAddress2].filter(Boolean).join(", ")],
      ["City", to && [to.postalCode, to.city, to.countryArea].filter(Boolean).join(" ")],
      ["Country", to?.country.country],
      ["Phone", to?.phone],
      ["E-mail", userEmail ?? "Not set"],
      ["Sales channel", channel.name],
      ["Created", moment(created)],
    ),
  );
}

function metadata(order) {
  const rows = order.metadata.map(({ key, value }) => [key, value]);
  return el("details", { class: "card" }, el("summary", {}, "Metadata"), pairs(...rows));
}
