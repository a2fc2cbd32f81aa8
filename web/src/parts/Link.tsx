// Links to our own pages and to the dashboard's; both are real links, so the keyboard finds them.
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from "react";

import { openInDashboard, useBridge } from "../dashboard/bridge";
import { goTo, hrefTo } from "../dashboard/routing";

type Props = { to: string; children: ReactNode } & AnchorHTMLAttributes<HTMLAnchorElement>;

const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** A link to a page of ours, `/orders/…`. */
export function Link({ to, children, className = "link", ...rest }: Props) {
  const follow = (event: MouseEvent) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a {...rest} className={className} href={hrefTo(to)} onClick={follow}>
      {children}
    </a>
  );
}

/** A link to a page of the dashboard, `/orders/…` or `/products/…`. */
export function HostLink({ to, children, className = "link", ...rest }: Props) {
  const bridge = useBridge();
  const follow = (event: MouseEvent) => {
    event.preventDefault();
    openInDashboard(bridge, to, !isPlain(event));
  };
  return (
    <a {...rest} className={className} href={to} onClick={follow}>
      {children}
    </a>
  );
}

/** A link that leaves the dashboard, to Seller Central above all, always in a new tab. */
export function OutLink({ to, children, className = "link", ...rest }: Props) {
  return (
    <a {...rest} className={className} href={to} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
