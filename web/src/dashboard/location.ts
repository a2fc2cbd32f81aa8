// Where the page is. The dashboard's address is kept in step, so that reload, back and a shared
// link work: it hands its own path and query on to the frame.
//
// The dashboard loads the frame anew, at the path it was opened with, when it renews the token and
// finds another query in its address than before. So that query is never changed: what follows the
// `?` of a route goes into the dashboard's path, as `/orders;held=yes`.
import { actions } from "@saleor/app-sdk/app-bridge";

import type { Bridge } from "./bridge";

export const BASE = "/app";
// What the dashboard adds to every address of a frame; it is not part of our routes, but has to
// stay in the frame's own address, by which the server knows the shop.
const OF_THE_HOST = /^(domain|saleorApiUrl|id|theme|locale|featureFlags(\[.*)?)$/;
// A dashboard that does not answer must not keep the page from going on.
const PATIENCE_MS = 300;

const hostQuery = new URLSearchParams(
  [...new URLSearchParams(window.location.search)].filter(([name]) => OF_THE_HOST.test(name)),
);

type Route = { path: string; search: string };

function ownQuery(): string {
  const all = [...new URLSearchParams(window.location.search)];
  return new URLSearchParams(all.filter(([name]) => !OF_THE_HOST.test(name))).toString();
}

function fromAddress(): Route {
  const { pathname } = window.location;
  const inside = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : pathname;
  const [path, search] = inside.split(";", 2);
  return { path: path || "/", search: search === undefined ? ownQuery() : inQuery(search) };
}

// The dashboard's router decodes its path, which must then hold no percent sign.
const inPath = (search: string): string => search.replaceAll("%", "~");
const inQuery = (search: string): string => search.replaceAll("~", "%");

const openedWith = ownQuery();

function inDashboard({ path, search }: Route): string {
  const more = search === openedWith ? "" : `;${inPath(search)}`;
  return path + more + (openedWith && `?${openedWith}`);
}

let route = fromAddress();
const listeners = new Set<() => void>();
let pending: Promise<unknown> = Promise.resolve();
let tell: (to: string) => Promise<unknown> = () => Promise.resolve();

/** From now on the dashboard's address follows; widgets must not, it would leave their page. */
export function followIn(bridge: Bridge): void {
  tell = (newRoute) =>
    Promise.race([
      bridge.dispatch(actions.UpdateRouting({ newRoute })).catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
    ]);
}

function show(next: Route): void {
  route = next;
  listeners.forEach((listener) => {
    listener();
  });
}

/** Goes to a route of ours such as `/orders?status=UNSHIPPED`. */
export function goTo(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const [path = "/", search = ""] = to.split("?", 2);
  if (path === route.path && search === route.search) return;
  show({ path, search });
  const query = new URLSearchParams([...new URLSearchParams(search), ...hostQuery]).toString();
  const address = `${BASE}${path === "/" ? "" : path}${query ? `?${query}` : ""}`;
  // The dashboard makes an entry of its own for every step. Made before ours, the first "back"
  // brings back the page at once, and the next one sets the dashboard's address right.
  const told = inDashboard(route);
  pending = pending
    .then(() => tell(told))
    .then(() => {
      if (replace) window.history.replaceState(null, "", address);
      else window.history.pushState(null, "", address);
    });
}

window.addEventListener("popstate", () => {
  show(fromAddress());
});

export const subscribeToRoute = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const currentPath = (): string => route.path;
export const currentSearch = (): string => route.search;

/** A link of ours as it stands in `href`, for opening in a new tab and for screen readers. */
export const hrefTo = (to: string): string => `${BASE}${to}`;
