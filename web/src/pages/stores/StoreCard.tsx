// One store at a glance: whether it works, what it sells, and what needs someone.
import { Box, Text } from "@saleor/macaw-ui";

import { useSay } from "../../messages";
import { Chart } from "../../parts/Chart";
import { Flags } from "../../parts/Flags";
import { Link } from "../../parts/Link";
import { StoreStatus } from "../../parts/StoreStatus";
import { useViewer } from "../../parts/viewer";
import { When } from "../../parts/When";
import type { StoreOnCard } from "./documents";
import { StoreDeeds } from "./StoreDeeds";

export function StoreCard({ store }: { store: StoreOnCard }) {
  const say = useSay();
  const { canManage, canSeeOrders } = useViewer();
  const currencies = [...new Set(store.chart?.map((row) => row.currency))];
  const channels = [...new Set(store.marketplaces.flatMap((one) => one.channelSlug ?? []))];
  const withoutChannel = store.marketplaces.filter((one) => one.channelSlug === null);
  return (
    <Box as="article" className="card" aria-label={store.name}>
      <Box display="flex" justifyContent="space-between" alignItems="center" gap={2}>
        <Text as="h2" size={4} fontWeight="medium">
          {canSeeOrders ? (
            <Link to={`/stores/${store.id}`} className="cardLink">
              {store.name}
            </Link>
          ) : (
            store.name
          )}
        </Text>
        <StoreStatus status={store.status} />
      </Box>
      <Flags of={store.marketplaces} />
      {currencies.map((currency) => (
        <Chart key={currency} rows={store.chart ?? []} currency={currency} isSmall />
      ))}
      {store.chart?.length === 0 && (
        <Text as="p" size={2} className="quiet">
          {say("stores.noSales")}
        </Text>
      )}
      <ul className="alerts">
        {store.status === "REAUTHORISE" && (
          <li>
            {canManage ? (
              <Link to={`/stores/${store.id}/connection`}>{say("store.lost.whatToDo")}</Link>
            ) : (
              say("store.lost")
            )}
          </li>
        )}
        {(store.heldOrders ?? 0) > 0 && (
          <li>
            <Link to={`/stores/${store.id}`}>
              {say("stores.held", { count: store.heldOrders ?? 0 })}
            </Link>
          </li>
        )}
        {canManage && withoutChannel.length > 0 && (
          <li>
            <Link to={`/stores/${store.id}/settings`}>
              {say("stores.withoutChannel", {
                marketplaces: withoutChannel.map((one) => one.name).join(", "),
              })}
            </Link>
          </li>
        )}
      </ul>
      <dl className="facts">
        <dt>{say("stores.channel")}</dt>
        <dd>{channels.join(", ") || "–"}</dd>
        <dt>{say("stores.created")}</dt>
        <dd>
          <When at={store.connectedAt} />
        </dd>
        <dt>{say("stores.lastSynced")}</dt>
        <dd>
          <When at={store.lastSyncedAt} asRelative />
        </dd>
      </dl>
      {canManage && <StoreDeeds store={store} />}
    </Box>
  );
}
