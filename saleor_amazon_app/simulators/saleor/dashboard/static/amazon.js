// What the simulated Amazon knows of an order: the other side of everything staff do here.

import { card, chip, el, pairs } from "./html.js";

const config = fetch("/dashboard/config.json").then((answer) => answer.json());

export function amazonCard(number) {
  if (!number) return null;
  const told = el("div", { role: "status" }, el("p", { class: "quiet" }, "…"));

  async function look() {
    const { amazonUrl } = await config;
    if (!amazonUrl) return node.remove();
    const answer = await fetch(`${amazonUrl}/_simulator/orders/${encodeURIComponent(number)}`);
    const seen = answer.ok ? shown(await answer.json()) : [el("p", {}, "Amazon has no such order.")];
    if (told.textContent !== seen.map((part) => part.textContent).join(""))
      told.replaceChildren(...seen);
  }

  const node = card("At Amazon (simulated)", pairs(["Order", number]), told);
  look().catch(console.error);
  return { node, look };
}

function shown({ status, packages, cancellation, refunds }) {
  const sums = Object.values(refunds).flatMap((parts) => Object.entries(parts));
  return [
    el("p", {}, "Status ", chip(status ?? "UNKNOWN")),
    ...packages.map((parcel) =>
      el(
        "p",
        { class: "told" },
        `Parcel ${parcel.reference}: ${parcel.carrierName || parcel.carrierCode}, `,
        `tracking number ${parcel.trackingNumber || "none"}`,
      ),
    ),
    cancellation ? el("p", { class: "told" }, `Cancelled: ${cancellation.reason}`) : null,
    ...sums.map(([part, amount]) => el("p", { class: "told" }, `Refunded: ${part} ${amount}`)),
    packages.length || cancellation || sums.length
      ? null
      : el("p", { class: "quiet" }, "Nothing was reported to Amazon yet."),
  ].filter(Boolean);
}
