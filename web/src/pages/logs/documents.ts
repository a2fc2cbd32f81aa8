// What the page of logs asks and does.
import { graphql, type ResultOf } from "../../api/graphql";
import { OrderNumberFields } from "../../parts/OrderNumber";

export const LogsQuery = graphql(
  `
    query Logs($after: String, $filter: LogFilter) {
      logs(first: 50, after: $after, filter: $filter) {
        nodes {
          id
          kind
          at
          region
          operation
          code
          message
          attempts
          amazonOrderId
          canRetry
          store {
            id
            name
          }
          order {
            ...OrderNumberFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [OrderNumberFields],
);
export type LogEntry = ResultOf<typeof LogsQuery>["logs"]["nodes"][number];

export const StoreNamesQuery = graphql(`
  query StoreNames {
    stores {
      id
      name
    }
  }
`);

export const RetrySending = graphql(`
  mutation RetrySending($id: ID!) {
    retryOutbox(id: $id) {
      __typename
      ... on Order {
        id
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

export const ReadAgain = graphql(`
  mutation ReadAgain($storeId: ID!) {
    syncNow(storeId: $storeId) {
      __typename
      ... on Store {
        id
        lastSyncedAt
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
