// What was sold on Amazon but is no product of the shop yet, by the orders that wait for it.
import { Box, Button, Text } from "@saleor/macaw-ui";
import { useQuery } from "urql";
import { useSearch } from "wouter";

import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { useAgain } from "../../parts/again";
import { Choice } from "../../parts/fields";
import { HostLink, Link } from "../../parts/Link";
import { Page } from "../../parts/Page";
import { Empty, Failed, Loading } from "../../parts/states";
import { When } from "../../parts/When";
import { StoresToMatchQuery, UnmatchedQuery, type UnmatchedSku } from "./documents";

// What is matched meanwhile goes away by itself; an empty list holds nothing that says so.
const EVERY_MS = 20_000;
const CONTEXT = { additionalTypenames: ["Order"] };

function addressOf(store: string, after?: string): string {
  const query = new URLSearchParams({ ...(store && { store }), ...(after && { after }) });
  return query.size ? `/unmatched?${query.toString()}` : "/unmatched";
}

export default function Unmatched() {
  const say = useSay();
  const search = new URLSearchParams(useSearch());
  const store = search.get("store") ?? "";
  const [{ data }] = useQuery({ query: StoresToMatchQuery });
  const stores = data?.stores ?? [];
  const all = { value: "", label: say("unmatched.allStores") };
  return (
    <Page title={say("nav.unmatched")}>
      <Box paddingX={6} paddingBottom={4} display="grid" gap={4}>
        <Text as="p" size={3} className="quiet">
          {say("unmatched.whatToDo")}
        </Text>
        {stores.length > 1 && (
          <div className="narrow">
            <Choice
              size="small"
              label={say("orders.filter.store")}
              value={store}
              options={[all, ...stores.map(({ id, name }) => ({ value: id, label: name }))]}
              onChange={(chosen) => {
                goTo(addressOf(chosen));
              }}
            />
          </div>
        )}
      </Box>
      <List store={store} after={search.get("after")} />
    </Page>
  );
}

function List({ store, after }: { store: string; after: string | null }) {
  const say = useSay();
  const variables = { storeId: store || null, after };
  const [{ data, error, fetching }, reload] = useQuery({
    query: UnmatchedQuery,
    variables,
    context: CONTEXT,
  });
  useAgain(reload, after ? null : EVERY_MS);
  if (error) {
    const again = () => {
      if (after) goTo(addressOf(store));
      else reload({ requestPolicy: "network-only" });
    };
    return <Failed error={error} retry={again} />;
  }
  if (!data) return <Loading />;
  const { nodes, pageInfo } = data.unmatchedSkus;
  if (nodes.length === 0) {
    return <Empty title={say("unmatched.none")}>{say("unmatched.none.whatToDo")}</Empty>;
  }
  return (
    <>
      <div className="scrolls" tabIndex={0} role="region" aria-label={say("nav.unmatched")}>
        <table className="table bleed" aria-busy={fetching}>
          <thead>
            <tr>
              <th scope="col">{say("item.sku")}</th>
              <th scope="col">{say("item.title")}</th>
              <th scope="col">ASIN</th>
              <th scope="col">{say("orders.filter.store")}</th>
              <th scope="col" className="number">
                {say("unmatched.orders")}
              </th>
              <th scope="col">{say("unmatched.lastSeenAt")}</th>
              <th scope="col">
                <span className="unseen">{say("held.whatToDo")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((one) => (
              <Row key={`${one.store.id} ${one.sku}`} one={one} />
            ))}
          </tbody>
        </table>
      </div>
      {(after || pageInfo.hasNextPage) && (
        <Box display="flex" justifyContent="flex-end" gap={2} paddingX={6} paddingY={4}>
          <Button
            variant="secondary"
            disabled={!after}
            onClick={() => {
              window.history.back();
            }}
          >
            {say("orders.previous")}
          </Button>
          <Button
            variant="secondary"
            disabled={!pageInfo.hasNextPage}
            onClick={() => {
              goTo(addressOf(store, pageInfo.endCursor ?? undefined));
            }}
          >
            {say("orders.next")}
          </Button>
        </Box>
      )}
    </>
  );
}

function Row({ one }: { one: UnmatchedSku }) {
  const say = useSay();
  const held = new URLSearchParams({ held: "yes", store: one.store.id }).toString();
  return (
    <tr>
      <th scope="row">{one.sku}</th>
      <td className="title">{one.title ?? "–"}</td>
      <td>{one.asin ?? "–"}</td>
      <td>
        <Link to={`/stores/${one.store.id}`}>{one.store.name}</Link>
      </td>
      <td className="number">
        <Link to={`/orders?${held}`}>{say("orders.count", { count: one.orders })}</Link>
      </td>
      <td>
        <When at={one.lastSeenAt} />
      </td>
      <td>
        <span className="ways">
          <HostLink to={`/products/?query=${encodeURIComponent(one.title ?? one.sku)}`}>
            {say("unmatched.find")}
          </HostLink>
          <HostLink to="/products/?action=create-product">{say("unmatched.create")}</HostLink>
        </span>
      </td>
    </tr>
  );
}
