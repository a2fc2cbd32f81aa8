// What every page stands on: the line to the dashboard, its look, our API, and the routes.
import { useEffect, useState } from "react";
import { Provider as ApiProvider } from "urql";
import { Router } from "wouter";

import { createApi } from "./api/client";
import { BridgeProvider, openBridge, useBridgeState } from "./dashboard/bridge";
import { currentPath, followIn } from "./dashboard/location";
import { Look } from "./dashboard/look";
import { useRouteLocation, useRouteSearch } from "./dashboard/routing";
import { Boundary } from "./parts/Boundary";
import { Outside } from "./parts/Outside";
import { Loading } from "./parts/states";
import { Routes } from "./Routes";

function start() {
  const bridge = openBridge();
  // A widget shares the address with the dashboard's own page.
  if (!currentPath().startsWith("/widgets/")) followIn(bridge);
  return { bridge, api: createApi(bridge) };
}

// Whoever frames the page and does not answer by then is no dashboard.
const PATIENCE_MS = 15_000;

function WhenReady() {
  const { ready } = useBridgeState();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLate(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (ready) return <Routes />;
  return isLate ? <Outside /> : <Loading />;
}

// Made once a page, also when React's strict mode draws everything twice.
let started: ReturnType<typeof start> | undefined;

export function App() {
  const [{ bridge, api }] = useState(() => (started ??= start()));
  return (
    <BridgeProvider value={bridge}>
      <Look>
        <Boundary>
          <ApiProvider value={api}>
            <Router hook={useRouteLocation} searchHook={useRouteSearch}>
              <WhenReady />
            </Router>
          </ApiProvider>
        </Boundary>
      </Look>
    </BridgeProvider>
  );
}
