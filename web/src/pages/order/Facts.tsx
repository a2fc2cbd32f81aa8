// The fields of an order and of its buyer, as far as Amazon told them.
import type { ReactNode } from "react";

import { money } from "../../format/money";
import { useWords } from "../../messages";
import { Amount } from "../../parts/Amount";
import { Chip } from "../../parts/Chip";
import { Link, OutLink } from "../../parts/Link";
import { HostNumber } from "../../parts/OrderNumber";
import { Section } from "../../parts/Page";
import { When } from "../../parts/When";
import type { OrderShipping } from "./documents";
import { asWords, sayOr } from "../../format/words";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

export function OrderFacts({ order }: { order: OrderShipping }) {
  const { say } = useWords();
  const timeZone = order.marketplace?.timeZone;
  const when = (at: string | null) => at && <When at={at} timeZone={timeZone} />;
  return (
    <Section title={say("order.facts")}>
      <dl className="facts">
        <Fact name={say("orders.column.amazonNumber")}>{order.amazonOrderId}</Fact>
        <Fact name={say("orders.column.saleorNumber")}>
          <HostNumber order={order} />
        </Fact>
        <Fact name={say("orders.filter.store")}>
          <Link to={`/stores/${order.store.id}`}>{order.store.name}</Link>
        </Fact>
        <Fact name={say("orders.column.marketplace")}>{order.marketplace?.name}</Fact>
        <Fact name={say("order.amazonStatus")}>{asWords(order.amazonStatus)}</Fact>
        <Fact name={say("orders.column.fulfilment")}>
          {order.fulfilment && say(`orders.filter.${order.fulfilment}`)}
        </Fact>
        <Fact name={say("orders.column.purchasedAt")}>{when(order.purchasedAt)}</Fact>
        <Fact name={say("order.lastUpdatedAt")}>{when(order.lastUpdatedAt)}</Fact>
        <Fact name={say("orders.column.shipBy")}>{when(order.shipBy)}</Fact>
        <Fact name={say("order.deliverBy")}>{when(order.deliverBy)}</Fact>
        <Fact name={say("order.serviceLevel")}>
          {order.serviceLevel && asWords(order.serviceLevel)}
        </Fact>
        <Fact name={say("order.programs")}>{order.programs.map(asWords).join(", ")}</Fact>
        <Fact name={say("orders.column.total")}>
          <Amount of={order.total} />
        </Fact>
        <Fact name={say("order.saleorTotal")}>
          <SaleorTotal order={order} />
        </Fact>
        <Fact name={say("order.replaces")}>{order.replacedOrderId}</Fact>
        {order.extraFields.map(({ key, value }) => (
          <Fact key={`${key} ${value}`} name={sayOr(say, `field.${key}`, key)}>
            <Value of={value} />
          </Fact>
        ))}
      </dl>
    </Section>
  );
}

/** What Amazon wrote: a link, a word of its own such as `COMMERCIAL`, or text. */
function Value({ of }: { of: string }) {
  if (of.startsWith("https://")) return <OutLink to={of}>{of}</OutLink>;
  return <>{/^[A-Z]+(_[A-Z]+)*$/.test(of) && of.length > 4 ? asWords(of) : of}</>;
}

function SaleorTotal({ order }: { order: OrderShipping }) {
  const { say, locale } = useWords();
  if (order.saleorTotal === null || order.total === null) return <>–</>;
  return (
    <span className="chips">
      <span className="amount">
        {money({ amount: order.saleorTotal, currency: order.total.currency }, locale)}
      </span>
      {order.totalsEqual === false && <Chip tone="bad">{say("order.totalsDiffer")}</Chip>}
    </span>
  );
}

export function Buyer({ order }: { order: OrderShipping }) {
  const { say } = useWords();
  const { buyer } = order;
  return (
    <Section title={say("orders.column.buyer")} note={buyer ? undefined : say("order.buyer.gone")}>
      {buyer && (
        <dl className="facts">
          <Fact name={say("address.name")}>{buyer.name}</Fact>
          <Fact name={say("order.buyer.email")}>
            {buyer.email && <OutLink to={`mailto:${buyer.email}`}>{buyer.email}</OutLink>}
          </Fact>
          <Fact name={say("order.buyer.phone")}>{buyer.phone}</Fact>
          <Fact name={say("order.buyer.company")}>{buyer.company}</Fact>
          <Fact name={say("order.buyer.purchaseOrder")}>{buyer.purchaseOrderNumber}</Fact>
        </dl>
      )}
    </Section>
  );
}
