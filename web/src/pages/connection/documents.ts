// What connecting a store asks and does.
import { graphql, type ResultOf } from "../../api/graphql";

export const ConnectingQuery = graphql(`
  query Connecting {
    amazonMarketplaces {
      id
      countryCode
      name
      currency
      region
    }
    channels {
      slug
      name
      currency
      isActive
    }
    warehouses {
      slug
      name
    }
  }
`);
export type Offered = ResultOf<typeof ConnectingQuery>;
export type Region = Offered["amazonMarketplaces"][number]["region"];

export const ConnectionQuery = graphql(`
  query Connection($id: ID!) {
    store(id: $id) {
      id
      name
      region
      sellerId
      status
      statusReason
      connectedAt
      marketplaces {
        id
        countryCode
        name
        channelSlug
      }
    }
  }
`);
export type ConnectedStore = NonNullable<ResultOf<typeof ConnectionQuery>["store"]>;

/** Asked again and again while the consent is given in another tab; null until it is. */
export const OutcomeQuery = graphql(`
  query ConsentOutcome($state: String!) {
    consentOutcome(state: $state)
  }
`);
export type Outcome = NonNullable<ResultOf<typeof OutcomeQuery>["consentOutcome"]>;

export const ConnectStore = graphql(`
  mutation ConnectStore($input: ConnectStoreInput!) {
    connectStore(input: $input) {
      __typename
      ... on Store {
        id
        name
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

export const StartConsent = graphql(`
  mutation StartConsent($input: StartConsentInput!) {
    startConsent(input: $input) {
      __typename
      ... on Consent {
        url
        state
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

export const ReauthoriseStore = graphql(`
  mutation ReauthoriseStore($id: ID!, $input: ReauthoriseInput!) {
    reauthoriseStore(id: $id, input: $input) {
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
