// All Amazon orders: what is wanted stands in the address, the list is found over its whole length.
import { Box, Button } from "@saleor/macaw-ui";
import { useMemo } from "react";
import { useQuery } from "urql";
import { useSearch } from "wouter";

import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { Link } from "../../parts/Link";
import { Page } from "../../parts/Page";
import { Empty, Failed, Loading } from "../../parts/states";
import { useAgain } from "../../parts/again";
import { useViewer } from "../../parts/viewer";
import { Applied } from "./Applied";
import { Columns } from "./Columns";
import { useDownload } from "./download";
import { Filters } from "./Filters";
import { Paging } from "./Paging";
import { OrdersQuery, StoresOfOrdersQuery } from "./query";
import { Rows } from "./Rows";
import { StoreNotes } from "./StoreNotes";
import { type Asked, fromSearch, isFiltered, NOTHING, toAddress, toVariables } from "./wanted";
import "./orders.css";

// New orders show up by themselves.
const EVERY_MS = 20_000;

export default function Orders() {
  const say = useSay();
  const search = useSearch();
  const asked = useMemo(() => fromSearch(search), [search]);
  const [{ data: found }] = useQuery({ query: StoresOfOrdersQuery });
  const { download, busy } = useDownload(asked);
  const go = (changed: Partial<Asked>) => {
    goTo(toAddress({ ...asked, place: {}, ...changed }));
  };
  const stores = found?.stores ?? [];
  return (
    <Page
      title={say("nav.orders")}
      actions={
        <Button variant="secondary" disabled={busy} onClick={download}>
          {say(busy ? "orders.csv.busy" : "orders.csv")}
        </Button>
      }
    >
      <StoreNotes stores={stores} />
      <Box paddingX={6} paddingBottom={4}>
        <Filters
          key={search}
          wanted={asked.wanted}
          stores={stores}
          find={(wanted) => {
            go({ wanted });
          }}
        />
        <Applied
          wanted={asked.wanted}
          stores={stores}
          find={(wanted) => {
            go({ wanted });
          }}
        />
      </Box>
      <List asked={asked} go={go} hasStores={found === undefined || stores.length > 0} />
    </Page>
  );
}

type ListProps = { asked: Asked; go: (changed: Partial<Asked>) => void; hasStores: boolean };

function List({ asked, go, hasStores }: ListProps) {
  const say = useSay();
  const variables = useMemo(() => toVariables(asked), [asked]);
  const [{ data, error, fetching, operation }, reload] = useQuery({ query: OrdersQuery, variables });
  useAgain(reload, asked.place.after || asked.place.before ? null : EVERY_MS);
  if (error) {
    // A place in a list that has changed since may be gone; its beginning is always there.
    const again = () => {
      if (asked.place.after || asked.place.before) go({ place: {} });
      else reload({ requestPolicy: "network-only" });
    };
    return <Failed error={error} retry={again} />;
  }
  if (!data) return <Loading />;
  const { nodes, pageInfo, totalCount } = data.orders;
  if (nodes.length === 0) return <Nothing asked={asked} go={go} hasStores={hasStores} />;
  return (
    <>
      <div className="scrolls" tabIndex={0} role="region" aria-label={say("nav.orders")}>
        <table className="table bleed orders" aria-busy={fetching && operation?.variables !== variables}>
          <Columns
            sort={asked.sort}
            choose={(sort) => {
              go({ sort });
            }}
          />
          <Rows orders={nodes} />
        </table>
      </div>
      <Paging
        page={pageInfo}
        total={totalCount}
        go={(place) => {
          go({ place });
          window.scrollTo(0, 0);
        }}
      />
    </>
  );
}

function Nothing({ asked, go, hasStores }: ListProps) {
  const say = useSay();
  const { canManage } = useViewer();
  if (isFiltered(asked.wanted)) {
    return (
      <Empty
        title={say("orders.none.found")}
        action={
          <Button
            variant="secondary"
            onClick={() => {
              go({ wanted: NOTHING });
            }}
          >
            {say("orders.filter.clear")}
          </Button>
        }
      >
        {say("orders.none.found.whatToDo")}
      </Empty>
    );
  }
  if (!hasStores) {
    return (
      <Empty
        title={say("stores.none")}
        action={canManage && <Link to="/stores/new">{say("stores.add")}</Link>}
      >
        {say(canManage ? "stores.none.whatToDo" : "stores.none.ask")}
      </Empty>
    );
  }
  return <Empty title={say("orders.none")}>{say("orders.none.whatToDo")}</Empty>;
}
