// What wouter, the router, is told about where the page is.
import { useSyncExternalStore } from "react";
import type { BaseLocationHook, BaseSearchHook } from "wouter";

import { currentPath, currentSearch, goTo, hrefTo, subscribeToRoute } from "./location";

export const useRouteLocation: BaseLocationHook = () => [
  useSyncExternalStore(subscribeToRoute, currentPath),
  goTo,
];

export const useRouteSearch: BaseSearchHook = () =>
  useSyncExternalStore(subscribeToRoute, currentSearch);

export { goTo, hrefTo };
