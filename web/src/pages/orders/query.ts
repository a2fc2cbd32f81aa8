// What the list of orders asks for.
import { graphql, type ResultOf } from "../../api/graphql";
import { OrderNumberFields } from "../../parts/OrderNumber";
import { OrderStatusFields } from "../../parts/OrderStatus";

export const OrdersQuery = graphql(
  `
    query Orders(
      $first: Int
      $after: String
      $last: Int
      $before: String
      $filter: OrderFilter
      $sort: OrderSort
    ) {
      orders(
        first: $first
        after: $after
        last: $last
        before: $before
        filter: $filter
        sort: $sort
      ) {
        totalCount
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        nodes {
          ...OrderNumberFields
          ...OrderStatusFields
          purchasedAt
          buyerName
          total {
            amount
            currency
          }
          fulfilment
          marketplace {
            id
            name
            timeZone
          }
          shipBy
          lastNote
          canCancel
        }
      }
    }
  `,
  [OrderNumberFields, OrderStatusFields],
);

export type ListedOrder = ResultOf<typeof OrdersQuery>["orders"]["nodes"][number];

/** The stores, for the filters and for the word on those that bring nothing. */
export const StoresOfOrdersQuery = graphql(`
  query StoresOfOrders {
    stores {
      id
      name
      status
      statusReason
      marketplaces {
        id
        name
        currency
      }
    }
  }
`);

export type StoreOfOrders = ResultOf<typeof StoresOfOrdersQuery>["stores"][number];
