// What the order widget asks.
import { graphql, type ResultOf } from "../api/graphql";
import { OrderStatusFields } from "../parts/OrderStatus";

export const OrderWidgetQuery = graphql(
  `
    query OrderWidget($saleorOrderId: ID!) {
      orderBySaleorId(saleorOrderId: $saleorOrderId) {
        id
        amazonOrderId
        ...OrderStatusFields
        cancelRequestReason
        fulfilment
        programs
        serviceLevel
        purchasedAt
        shipBy
        deliverBy
        total {
          amount
          currency
        }
        totalsEqual
        canCancel
        replacedOrderId
        store {
          id
          name
          status
        }
        marketplace {
          id
          name
          timeZone
        }
        buyer {
          name
          email
          company
          purchaseOrderNumber
        }
        extraFields {
          key
          value
        }
        parcels {
          reference
          carrier
          trackingNumber
          stateAtAmazon
          outboxState
        }
        outbox {
          id
          kind
          state
          message
        }
      }
    }
  `,
  [OrderStatusFields],
);

export type WidgetOrder = NonNullable<ResultOf<typeof OrderWidgetQuery>["orderBySaleorId"]>;
