// What staff can have done to an order.
import { graphql, type VariablesOf } from "../../api/graphql";

const ProblemFields = graphql(`
  fragment OrderProblem on Problem {
    code
    message
    field
    whatToDo
  }
`);

export const RetryOrder = graphql(
  `
    mutation RetryOrder($id: ID!) {
      retryOrder(id: $id) {
        __typename
        ... on Order {
          id
          importState
        }
        ...OrderProblem
      }
    }
  `,
  [ProblemFields],
);

export const EditAddress = graphql(
  `
    mutation EditAddress($orderId: ID!, $address: AddressInput!) {
      editAddress(orderId: $orderId, address: $address) {
        __typename
        ... on Order {
          id
          importState
        }
        ... on Problem {
          fields {
            field
            message
          }
        }
        ...OrderProblem
      }
    }
  `,
  [ProblemFields],
);

export const CancelOrder = graphql(
  `
    mutation CancelOrder($orderId: ID!, $reason: CancelReason!) {
      cancelOrder(orderId: $orderId, reason: $reason) {
        __typename
        ... on Order {
          id
          status
        }
        ...OrderProblem
      }
    }
  `,
  [ProblemFields],
);

export const ApproveShipment = graphql(
  `
    mutation ApproveShipment($orderId: ID!) {
      approveShipment(orderId: $orderId) {
        __typename
        ... on Order {
          id
        }
        ...OrderProblem
      }
    }
  `,
  [ProblemFields],
);

export const RetryOutbox = graphql(
  `
    mutation RetryOutbox($id: ID!) {
      retryOutbox(id: $id) {
        __typename
        ... on Order {
          id
        }
        ...OrderProblem
      }
    }
  `,
  [ProblemFields],
);

export const PreviewOrder = graphql(
  `
    mutation PreviewOrder($orderId: ID!) {
      previewOrder(orderId: $orderId) {
        __typename
        ... on Preview {
          outcome
          text
          reasons {
            code
            message
            about
            link
          }
          lines {
            name
            sku
            quantity
            total {
              amount
              currency
            }
          }
          shipping {
            amount
            currency
          }
          total {
            amount
            currency
          }
          notes
        }
        ...OrderProblem
      }
    }
  `,
  [ProblemFields],
);

export type CancelReason = VariablesOf<typeof CancelOrder>["reason"];
export type AddressInput = VariablesOf<typeof EditAddress>["address"];
