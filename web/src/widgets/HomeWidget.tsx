// What the dashboard's home page shows of the Amazon stores: what needs somebody, and today's sales.
import { Text } from "@saleor/macaw-ui";
import { useQuery } from "urql";

import { graphql, type ResultOf } from "../api/graphql";
import { money } from "../format/money";
import { useWords } from "../messages";
import { useAgain } from "../parts/again";
import { Chip } from "../parts/Chip";
import { Failed, Loading } from "../parts/states";
import { AppLink, Widget } from "./Widget";

const EVERY_MS = 60_000;

const HomeQuery = graphql(`
  query Home {
    viewer {
      canManage
    }
    stores {
      id
      name
      status
      heldOrders
      chart(days: 1) {
        day
        currency
        amount
        orders
      }
    }
  }
`);

type Store = ResultOf<typeof HomeQuery>["stores"][number];

export default function HomeWidget() {
  const { say } = useWords();
  const [{ data, error }, reload] = useQuery({ query: HomeQuery });
  useAgain(reload, EVERY_MS);
  if (!data) {
    return <Widget>{error ? <Failed error={error} retry={reload} /> : <Loading />}</Widget>;
  }
  const { stores, viewer } = data;
  if (stores.length === 0) {
    return (
      <Widget>
        <Text as="p" size={3}>
          {say("stores.none")}
        </Text>
        {viewer.canManage && <AppLink to="/stores/new">{say("stores.add")}</AppLink>}
      </Widget>
    );
  }
  return (
    <Widget>
      <ul className="stores">
        {stores.map((store) => (
          <OneStore key={store.id} store={store} canManage={viewer.canManage} />
        ))}
      </ul>
      <p>
        <AppLink to="/orders">{say("widget.all")}</AppLink>
      </p>
    </Widget>
  );
}

function OneStore({ store, canManage }: { store: Store; canManage: boolean }) {
  const { say } = useWords();
  const held = new URLSearchParams({ held: "yes", store: store.id }).toString();
  const isLost = store.status === "REAUTHORISE";
  return (
    <li>
      <span className="lead">
        <AppLink to={`/stores/${store.id}`}>{store.name}</AppLink>
        {store.status !== "ACTIVE" && (
          <Chip tone={isLost ? "bad" : "plain"}>{say(`storeStatus.${store.status}`)}</Chip>
        )}
      </span>
      {isLost && (
        <p className="problem padded">
          {say("store.lost")}{" "}
          {canManage && (
            <AppLink to={`/stores/${store.id}/connection`}>{say("store.lost.whatToDo")}</AppLink>
          )}
        </p>
      )}
      {store.heldOrders > 0 && (
        <p>
          <Chip tone="bad">{say("held")}</Chip>{" "}
          <AppLink to={`/orders?${held}`}>{say("stores.held", { count: store.heldOrders })}</AppLink>
        </p>
      )}
      <Today store={store} />
    </li>
  );
}

function Today({ store }: { store: Store }) {
  const { say, locale } = useWords();
  if (store.chart.length === 0) return <p className="quiet">{say("widget.noneToday")}</p>;
  return (
    <>
      {store.chart.map(({ currency, amount, orders }) => (
        <p key={currency}>
          {say("widget.today", { count: orders, amount: money({ amount, currency }, locale) })}
        </p>
      ))}
    </>
  );
}
