// Every page at its address, each in a file of its own that is loaded when it is opened.
import { type ComponentType, lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

import { Loading, NotThere } from "./parts/states";
import { Shell, type Needs } from "./parts/Shell";

type Page = { path: string; needs: Needs; load: () => Promise<{ default: ComponentType }> };

const PAGES: Page[] = [
  { path: "/", needs: "either", load: () => import("./pages/stores/Stores") },
  { path: "/stores", needs: "either", load: () => import("./pages/stores/Stores") },
  { path: "/stores/new", needs: "manage", load: () => import("./pages/connection/NewStore") },
  { path: "/stores/:id", needs: "orders", load: () => import("./pages/store/StoreDashboard") },
  { path: "/stores/:id/settings", needs: "manage", load: () => import("./pages/settings/Settings") },
  {
    path: "/stores/:id/connection",
    needs: "manage",
    load: () => import("./pages/connection/Connection"),
  },
  { path: "/orders", needs: "orders", load: () => import("./pages/orders/Orders") },
  { path: "/orders/:id/:tab?", needs: "orders", load: () => import("./pages/order/Order") },
  { path: "/order-actions", needs: "orders", load: () => import("./pages/order/OrderActions") },
  { path: "/unmatched", needs: "manage", load: () => import("./pages/unmatched/Unmatched") },
  { path: "/logs", needs: "manage", load: () => import("./pages/logs/Logs") },
];
const WIDGETS: Omit<Page, "needs">[] = [
  { path: "/widgets/order", load: () => import("./widgets/OrderWidget") },
  { path: "/widgets/home", load: () => import("./widgets/HomeWidget") },
];

const pages = PAGES.map((page) => ({ ...page, Component: lazy(page.load) }));
const widgets = WIDGETS.map((widget) => ({ ...widget, Component: lazy(widget.load) }));

export function Routes() {
  return (
    <Switch>
      {widgets.map(({ path, Component }) => (
        <Route key={path} path={path}>
          <Suspense fallback={<Loading />}>
            <Component />
          </Suspense>
        </Route>
      ))}
      {pages.map(({ path, needs, load, Component }) => (
        <Route key={path} path={path}>
          <Shell needs={needs} load={load}>
            <Component />
          </Shell>
        </Route>
      ))}
      <Route>
        <Shell needs="either">
          <NotThere />
        </Shell>
      </Route>
    </Switch>
  );
}
