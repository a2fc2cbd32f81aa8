// What the page of an order asks; each tab asks for its own part.
import { graphql, type ResultOf } from "../../api/graphql";
import { OrderNumberFields } from "../../parts/OrderNumber";
import { OrderStatusFields } from "../../parts/OrderStatus";

export const OrderHeadQuery = graphql(
  `
    query OrderHead($id: ID!) {
      order(id: $id) {
        ...OrderNumberFields
        ...OrderStatusFields
        fulfilment
        programs
        shipBy
        canCancel
        canRetry
        cancelRequestReason
        sellerCentralUrl
        marketplace {
          id
          timeZone
        }
        reasons {
          code
          message
          about
          link
        }
        store {
          id
          name
          status
          statusReason
        }
        outbox {
          id
          kind
          state
        }
      }
    }
  `,
  [OrderNumberFields, OrderStatusFields],
);

export const OrderShippingQuery = graphql(
  `
    query OrderShipping($id: ID!) {
      order(id: $id) {
        ...OrderNumberFields
        importState
        amazonStatus
        fulfilment
        purchasedAt
        lastUpdatedAt
        shipBy
        deliverBy
        serviceLevel
        programs
        total {
          amount
          currency
        }
        saleorTotal
        totalsEqual
        replacedOrderId
        store {
          id
          name
        }
        marketplace {
          id
          name
          timeZone
        }
        buyer {
          name
          email
          phone
          company
          purchaseOrderNumber
        }
        address {
          name
          company
          line1
          line2
          city
          state
          postalCode
          countryCode
          phone
        }
        amazonAddress {
          name
          company
          line1
          line2
          city
          state
          postalCode
          countryCode
          phone
        }
        addressProblems {
          field
          message
        }
        extraFields {
          key
          value
        }
      }
    }
  `,
  [OrderNumberFields],
);

export const OrderItemsQuery = graphql(`
  query OrderItems($id: ID!) {
    order(id: $id) {
      id
      items {
        id
        title
        asin
        sellerSku
        condition
        ordered
        shipped
        cancelled
        price {
          amount
          currency
        }
        tax {
          amount
          currency
        }
        shippingPrice {
          amount
          currency
        }
        gift
      }
    }
  }
`);

export const OrderTrackingQuery = graphql(`
  query OrderTracking($id: ID!) {
    order(id: $id) {
      id
      marketplace {
        id
        timeZone
      }
      parcels {
        reference
        items {
          itemId
          title
          quantity
        }
        carrier
        method
        trackingNumber
        shippedAt
        stateAtAmazon
        outboxState
      }
      outbox {
        id
        kind
        state
        plannedAt
        attempts
        message
        canRetry
      }
    }
  }
`);

export const OrderHistoryQuery = graphql(`
  query OrderHistory($id: ID!) {
    order(id: $id) {
      id
      marketplace {
        id
        timeZone
      }
      history {
        at
        direction
        who
        what
        answer
      }
    }
  }
`);

type Of<Document> = NonNullable<
  ResultOf<Document> extends { order: infer Order } ? Order : never
>;
export type OrderHead = Of<typeof OrderHeadQuery>;
export type OrderShipping = Of<typeof OrderShippingQuery>;
export type Address = NonNullable<OrderShipping["address"]>;
export type Item = Of<typeof OrderItemsQuery>["items"][number];
export type Parcel = Of<typeof OrderTrackingQuery>["parcels"][number];
export type Told = Of<typeof OrderTrackingQuery>["outbox"][number];
