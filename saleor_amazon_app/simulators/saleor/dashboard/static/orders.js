// The list of orders, which new ones join while one looks.

import { extensionsAt, menu } from "./extensions.js";
import { button, chip, el, row, table } from "./html.js";
import { graphql, moment, money } from "./shop.js";

const PAGE = 20;
const LOOK_EVERY = 2000;

const ORDERS = `query OrderList($first: Int!, $after: String) {
  orders(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      id number created status chargeStatus
      billingAddress { firstName lastName } total { gross { amount currency } }
    } }
  }
}`;

export const orderPath = (id) => `/orders/${encodeURIComponent(id)}`;

export async function ordersPage(page) {
  const actions = menu(await extensionsAt("ORDER_OVERVIEW_MORE_ACTIONS"), {}, page);
  const count = el("p", { class: "quiet", role: "status" });
  const list = el("div");
  const cursors = [null];
  const back = button("Newer", () => (cursors.pop(), look()));
  const on = button("Older", () => (cursors.push(next), look()));
  let next;
  let shown;

  async function look() {
    const { orders } = await graphql(ORDERS, { first: PAGE, after: cursors.at(-1) });
    next = orders.pageInfo.endCursor;
    back.disabled = cursors.length === 1;
    on.disabled = !orders.pageInfo.hasNextPage;
    const seen = JSON.stringify(orders);
    if (seen === shown) return;
    shown = seen;
    count.textContent = `${orders.totalCount} orders`;
    const headings = ["Number", "Date", "Customer", "Payment", "Status", "Total"];
    const rows = orders.edges.map(({ node }) => line(node));
    list.replaceChildren(table(headings, rows, "No orders yet. They arrive by themselves."));
  }

  await look();
  const timer = setInterval(() => document.hidden || look().catch(console.error), LOOK_EVERY);
  const head = el("div", { class: "head" }, el("h1", {}, "Orders"), actions);
  return {
    nodes: [head, count, list, el("div", { class: "actions" }, back, on)],
    end: () => clearInterval(timer),
  };
}

function line({ id, number, created, status, chargeStatus, billingAddress, total }) {
  const name = billingAddress ? `${billingAddress.firstName} ${billingAddress.lastName}` : "–";
  return row(
    el("a", { href: `/dashboard${orderPath(id)}` }, `#${number}`),
    moment(created),
    name,
    chip(chargeStatus),
    chip(status),
    money(total.gross),
  );
}
