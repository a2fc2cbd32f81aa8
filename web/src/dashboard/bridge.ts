// The line to the Saleor dashboard that the page is embedded in.
import { AppBridge, actions } from "@saleor/app-sdk/app-bridge";
import { createContext, useContext, useSyncExternalStore } from "react";

export type Bridge = AppBridge;
export type BridgeState = ReturnType<AppBridge["getState"]>;

/** Whether the page stands inside another one; only then is there a dashboard to talk to. */
export const isEmbedded = window.parent !== window;

/**
 * Opens the line. The SDK hears only the origin in `document.referrer`, which is empty or our own
 * once the browser's "back" has loaded the frame; who frames the page is known all the same.
 */
export function openBridge(): Bridge {
  const [dashboard] = window.location.ancestorOrigins ?? [];
  if (dashboard) Object.defineProperty(document, "referrer", { value: `${dashboard}/` });
  return new AppBridge();
}

const BridgeContext = createContext<Bridge | null>(null);
export const BridgeProvider = BridgeContext.Provider;

export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error("no dashboard around the page");
  return bridge;
}

// One snapshot for each change: the SDK replaces its state object whenever an event comes.
const EVENTS = ["handshake", "tokenRefresh", "theme", "localeChanged"] as const;

export function subscribe(bridge: Bridge, changed: () => void): () => void {
  const ends = EVENTS.map((event) => bridge.subscribe(event, changed));
  return () => {
    ends.forEach((end) => {
      end();
    });
  };
}

export function useBridgeState(): BridgeState {
  const bridge = useBridge();
  return useSyncExternalStore(
    (changed) => subscribe(bridge, changed),
    () => bridge.getState(),
  );
}

/** Tells staff something in the dashboard's own way; an old dashboard that cannot is no fault. */
export function notify(
  bridge: Bridge,
  status: "success" | "error" | "info" | "warning",
  title: string,
  text?: string,
): void {
  bridge.dispatch(actions.Notification({ status, title, text })).catch(() => undefined);
}

/** Opens a page of the dashboard (`/orders/…`) or, in a new tab, of anywhere else. */
export function openInDashboard(bridge: Bridge, to: string, newContext = false): void {
  bridge.dispatch(actions.Redirect({ to, newContext })).catch(() => undefined);
}

/** Has the dashboard read its own page again, after something on it was changed from a widget. */
export function refreshHost(bridge: Bridge): void {
  bridge.dispatch(actions.RefreshEntity()).catch(() => undefined);
}
