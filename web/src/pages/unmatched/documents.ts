// What the page of unmatched products asks.
import { graphql, type ResultOf } from "../../api/graphql";

export const UnmatchedQuery = graphql(`
  query Unmatched($storeId: ID, $after: String) {
    unmatchedSkus(storeId: $storeId, first: 50, after: $after) {
      nodes {
        sku
        title
        asin
        orders
        lastSeenAt
        store {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const StoresToMatchQuery = graphql(`
  query StoresToMatch {
    stores {
      id
      name
    }
  }
`);

export type UnmatchedSku = ResultOf<typeof UnmatchedQuery>["unmatchedSkus"]["nodes"][number];
