// One Amazon order: what stands in its way first, then its four tabs.
import { useQuery } from "urql";
import { useParams } from "wouter";

import { useSay } from "../../messages";
import { useAgain } from "../../parts/again";
import { Chip } from "../../parts/Chip";
import { Link } from "../../parts/Link";
import { OrderStatus } from "../../parts/OrderStatus";
import { Page } from "../../parts/Page";
import { Failed, Loading, NotThere } from "../../parts/states";
import { StoreNotice } from "../../parts/StoreStatus";
import { Actions } from "./Actions";
import { BuyerAsks } from "./BuyerAsks";
import { type OrderHead, OrderHeadQuery } from "./documents";
import { EVERY_MS } from "./every";
import { History } from "./History";
import { Items } from "./Items";
import { Reasons } from "./Reasons";
import { Shipping } from "./Shipping";
import { Tracking } from "./Tracking";
import { asWords } from "../../format/words";
import "./order.css";

const TABS = {
  shipping: Shipping,
  items: Items,
  tracking: Tracking,
  history: History,
} as const;
type Tab = keyof typeof TABS;
const NAMES = Object.keys(TABS) as Tab[];

export default function Order() {
  const { id = "" } = useParams<{ id: string; tab?: string }>();
  return <OneOrder key={id} id={id} />;
}

function OneOrder({ id }: { id: string }) {
  const [{ data, error }, reload] = useQuery({ query: OrderHeadQuery, variables: { id } });
  useAgain(reload, EVERY_MS);
  if (error && !data?.order) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  return data.order ? <Known order={data.order} /> : <NotThere />;
}

function Known({ order }: { order: OrderHead }) {
  const say = useSay();
  const { tab } = useParams<{ tab?: string }>();
  const open = NAMES.find((name) => name === tab) ?? "shipping";
  const Content = TABS[open];
  return (
    <Page
      title={order.amazonOrderId}
      back={{ to: "/orders", label: say("nav.orders") }}
      aside={
        <span className="chips">
          <OrderStatus order={order} />
          {order.fulfilment && <Chip>{order.fulfilment}</Chip>}
          {order.programs.map((program) => (
            <Chip key={program} tone="info">
              {asWords(program)}
            </Chip>
          ))}
        </span>
      }
      actions={<Actions order={order} />}
    >
      <StoreNotice store={order.store} />
      <BuyerAsks order={order} />
      <Reasons order={order} />
      <nav className="sections tabs" aria-label={say("order.tabs")}>
        {NAMES.map((name) => (
          <Link
            key={name}
            className="section"
            to={name === "shipping" ? `/orders/${order.id}` : `/orders/${order.id}/${name}`}
            aria-current={name === open ? "page" : undefined}
          >
            {say(`order.tab.${name}`)}
          </Link>
        ))}
      </nav>
      <Content id={order.id} />
    </Page>
  );
}
