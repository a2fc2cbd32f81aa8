// The dashboard's token: five minutes long, replaced by the dashboard shortly before its end.
import { actions } from "@saleor/app-sdk/app-bridge";

import { subscribe, type Bridge } from "./bridge";

const PATIENCE_MS = 12_000;

export class SessionEnded extends Error {
  constructor() {
    super("The dashboard gave no new token.");
    this.name = "SessionEnded";
  }
}

/** A token other than the spent one; the dashboard is asked again when it has not sent one yet. */
export function freshToken(bridge: Bridge, spent?: string): Promise<string> {
  const current = bridge.getState().token;
  if (current && current !== spent) return Promise.resolve(current);
  return new Promise((resolve, reject) => {
    const end = subscribe(bridge, () => {
      const { token } = bridge.getState();
      if (!token || token === spent) return;
      end();
      clearTimeout(timer);
      resolve(token);
    });
    const timer = setTimeout(() => {
      end();
      reject(new SessionEnded());
    }, PATIENCE_MS);
    bridge.dispatch(actions.NotifyReady()).catch(() => undefined);
  });
}

/** `fetch` to our own API: it says who asks, and repeats once what came too late for its token. */
export function authorisedFetch(bridge: Bridge): typeof fetch {
  const once = (input: RequestInfo | URL, init: RequestInit | undefined, token: string) => {
    const headers = new Headers(init?.headers);
    headers.set("authorization", `Bearer ${token}`);
    headers.set("saleor-api-url", bridge.getState().saleorApiUrl);
    return fetch(input, { ...init, headers });
  };
  return async (input, init) => {
    const token = await freshToken(bridge);
    const answer = await once(input, init, token);
    if (answer.status !== 401) return answer;
    return once(input, init, await freshToken(bridge, token));
  };
}
