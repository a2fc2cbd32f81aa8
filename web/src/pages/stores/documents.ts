// What the page of all stores asks and does.
import { graphql, type ResultOf } from "../../api/graphql";

export const StoresQuery = graphql(`
  query Stores($withSales: Boolean!) {
    stores {
      id
      name
      region
      status
      statusReason
      connectedAt
      lastSyncedAt
      heldOrders @include(if: $withSales)
      marketplaces {
        id
        countryCode
        name
        channelSlug
      }
      chart(days: 30) @include(if: $withSales) {
        day
        currency
        amount
        orders
      }
    }
  }
`);

export type StoreOnCard = ResultOf<typeof StoresQuery>["stores"][number];

export const ActivateStore = graphql(`
  mutation ActivateStore($id: ID!) {
    activateStore(id: $id) {
      __typename
      ... on Store {
        id
        status
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

export const DeactivateStore = graphql(`
  mutation DeactivateStore($id: ID!) {
    deactivateStore(id: $id) {
      __typename
      ... on Store {
        id
        status
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

export const DeleteStore = graphql(`
  mutation DeleteStore($id: ID!, $name: String!) {
    deleteStore(id: $id, name: $name) {
      __typename
      ... on Deleted {
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
