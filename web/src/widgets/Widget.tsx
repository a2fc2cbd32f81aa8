// The frame of a widget: as high as what is in it, and links that open our pages around it.
import { actions } from "@saleor/app-sdk/app-bridge";
import { type ReactNode, useEffect, useRef } from "react";

import { useBridge, useBridgeState } from "../dashboard/bridge";
import { HostLink } from "../parts/Link";
import "./widgets.css";

/** Tells the dashboard how high the widget is; one that cannot be told keeps its own height. */
function useHeight() {
  const bridge = useBridge();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(element.getBoundingClientRect().height);
      // While the frame is hidden there is no height, which the dashboard's library throws at.
      if (height === 0) return;
      bridge.dispatch(actions.WidgetResize({ height })).catch(() => undefined);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [bridge]);
  return root;
}

export function Widget({ children }: { children: ReactNode }) {
  return (
    <div ref={useHeight()} className="widget">
      {children}
    </div>
  );
}

/** A link from a widget to a page of ours, which the dashboard opens in place of its own. */
export function AppLink({ to, children }: { to: string; children: ReactNode }) {
  const { id } = useBridgeState();
  return <HostLink to={`/extensions/app/${encodeURIComponent(id)}${to}`}>{children}</HostLink>;
}
