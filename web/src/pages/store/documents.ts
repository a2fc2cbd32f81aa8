// What the dashboard of one store asks and does.
import { graphql, type ResultOf } from "../../api/graphql";
import { OrderNumberFields } from "../../parts/OrderNumber";
import { OrderStatusFields } from "../../parts/OrderStatus";

export const StoreQuery = graphql(`
  query Store($id: ID!) {
    store(id: $id) {
      id
      name
      region
      sellerId
      status
      statusReason
      connectedAt
      lastSyncedAt
      nextSyncAt
      heldOrders
      marketplaces {
        id
        countryCode
        name
        timeZone
        channelSlug
      }
      revenue {
        currency
        last7Days
        previous7Days
        last30Days
        previous30Days
        lifetime
      }
      chart(days: 30) {
        day
        currency
        amount
        orders
      }
      links {
        key
        url
      }
    }
  }
`);
export type StoreShown = NonNullable<ResultOf<typeof StoreQuery>["store"]>;

const RowFields = graphql(
  `
    fragment StoreOrderFields on Order {
      ...OrderNumberFields
      ...OrderStatusFields
      purchasedAt
      shipBy
      buyerName
      fulfilment
      canRetry
      total {
        amount
        currency
      }
      marketplace {
        timeZone
      }
      reasons {
        code
        message
        link
      }
    }
  `,
  [OrderNumberFields, OrderStatusFields],
);

export const OrdersOfStoreQuery = graphql(
  `
    query OrdersOfStore($id: ID!) {
      held: orders(
        first: 10
        filter: { storeIds: [$id], held: true }
        sort: { field: PURCHASED_AT, direction: DESC }
      ) {
        nodes {
          ...StoreOrderFields
        }
        pageInfo {
          hasNextPage
        }
      }
      recent: orders(
        first: 10
        filter: { storeIds: [$id] }
        sort: { field: PURCHASED_AT, direction: DESC }
      ) {
        nodes {
          ...StoreOrderFields
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [RowFields],
);
export type OrderRow = ResultOf<typeof OrdersOfStoreQuery>["recent"]["nodes"][number];

export const SyncNow = graphql(`
  mutation SyncNow($storeId: ID!) {
    syncNow(storeId: $storeId) {
      __typename
      ... on Store {
        id
        lastSyncedAt
        nextSyncAt
      }
      ... on Problem {
        code
        message
        field
        whatToDo
      }
    }
  }
`);

export const RetryHeldOrder = graphql(`
  mutation RetryHeldOrder($id: ID!) {
    retryOrder(id: $id) {
      __typename
      ... on Order {
        id
        importState
      }
      ... on Problem {
        code
        message
        field
        whatToDo
      }
    }
  }
`);
