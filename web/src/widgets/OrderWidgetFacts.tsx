// The fields that staff need beside an order; the rarer ones unfold.
import type { ReactNode } from "react";

import { asWords, sayOr } from "../format/words";
import { useSay } from "../messages";
import { Amount } from "../parts/Amount";
import { OutLink } from "../parts/Link";
import { When } from "../parts/When";
import type { WidgetOrder } from "./orderWidgetQuery";

type Fact = { name: string; value: ReactNode };

function List({ of }: { of: Fact[] }) {
  return (
    <dl className="facts">
      {of
        .filter(({ value }) => value !== null && value !== undefined && value !== "")
        .map(({ name, value }, at) => (
          <div key={at} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Facts({ order }: { order: WidgetOrder }) {
  const say = useSay();
  const { buyer, marketplace } = order;
  const timeZone = marketplace?.timeZone;
  const first: Fact[] = [
    { name: say("orders.filter.store"), value: order.store.name },
    { name: say("orders.column.marketplace"), value: marketplace?.name },
    { name: say("order.programs"), value: order.programs.map(asWords).join(", ") },
    { name: say("order.serviceLevel"), value: order.serviceLevel && asWords(order.serviceLevel) },
    { name: say("orders.column.total"), value: order.total && <Amount of={order.total} /> },
    { name: say("orders.column.buyer"), value: buyer?.name },
  ];
  const more: Fact[] = [
    { name: say("order.buyer.email"), value: buyer?.email },
    { name: say("order.buyer.company"), value: buyer?.company },
    { name: say("order.buyer.purchaseOrder"), value: buyer?.purchaseOrderNumber },
    {
      name: say("orders.column.purchasedAt"),
      value: <When at={order.purchasedAt} timeZone={timeZone} />,
    },
    {
      name: say("order.deliverBy"),
      value: order.deliverBy && <When at={order.deliverBy} timeZone={timeZone} />,
    },
    { name: say("order.replaces"), value: order.replacedOrderId },
    ...order.extraFields.map(({ key, value }) => ({
      name: sayOr(say, `field.${key}`, key),
      value: value.startsWith("https://") ? <OutLink to={value}>{value}</OutLink> : value,
    })),
  ];
  return (
    <>
      <List of={first} />
      <details>
        <summary>{say("widget.more")}</summary>
        <List of={more} />
      </details>
    </>
  );
}
