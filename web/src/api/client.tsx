// Our own API as the pages use it, and what went wrong in words that say what to do.
import { type CombinedError, Client, cacheExchange, fetchExchange } from "@urql/core";

import { authorisedFetch, SessionEnded } from "../dashboard/token";
import type { Bridge } from "../dashboard/bridge";

export function createApi(bridge: Bridge): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    exchanges: [cacheExchange, fetchExchange],
    fetch: authorisedFetch(bridge),
  });
}

/** What stands behind a failed request, as far as a page draws it differently. */
export type Failure = "forbidden" | "session" | "offline" | "shop" | "input" | "defect";

const BY_CODE: Record<string, Failure> = {
  FORBIDDEN: "forbidden",
  UNAUTHENTICATED: "session",
  TOKEN_EXPIRED: "session",
  UNKNOWN_SHOP: "session",
  SHOP_UNAVAILABLE: "shop",
  BAD_INPUT: "input",
};

export function failureOf(error: CombinedError): Failure {
  const code = error.graphQLErrors[0]?.extensions.code;
  if (typeof code === "string") return BY_CODE[code] ?? "defect";
  if (error.networkError instanceof SessionEnded) return "session";
  if (error.response && (error.response as Response).status === 401) return "session";
  return error.networkError ? "offline" : "defect";
}
