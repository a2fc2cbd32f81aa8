// The frame of every page: the way to the others, the word on held orders, and who may see it.
import { Box, Text } from "@saleor/macaw-ui";
import { type ReactNode, Suspense, useEffect } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";

import { type Key, useSay } from "../messages";
import { Boundary } from "./Boundary";
import { Link } from "./Link";
import { Failed, Loading, NoPermission } from "./states";
import { type Viewer, ViewerContext, ViewerQuery } from "./viewer";

export type Needs = "orders" | "manage" | "either";

const SECTIONS: { to: string; words: Key; needs: Needs }[] = [
  { to: "/stores", words: "nav.stores", needs: "either" },
  { to: "/orders", words: "nav.orders", needs: "orders" },
  { to: "/unmatched", words: "nav.unmatched", needs: "manage" },
  { to: "/logs", words: "nav.logs", needs: "manage" },
];

function may(viewer: Viewer, needs: Needs): boolean {
  if (needs === "orders") return viewer.canSeeOrders;
  if (needs === "manage") return viewer.canManage;
  return viewer.canSeeOrders || viewer.canManage;
}

function Navigation({ viewer }: { viewer: Viewer }) {
  const say = useSay();
  const [path] = useLocation();
  const isHere = (to: string) => path.startsWith(to) || (to === "/stores" && path === "/");
  return (
    <nav aria-label={say("nav.label")} className="sections">
      {SECTIONS.filter(({ needs }) => may(viewer, needs)).map(({ to, words }) => (
        <Link key={to} to={to} className="section" aria-current={isHere(to) ? "page" : undefined}>
          {say(words)}
        </Link>
      ))}
    </nav>
  );
}

type Props = { needs: Needs; load?: () => Promise<unknown>; children: ReactNode };

export function Shell({ needs, load, children }: Props) {
  const [path] = useLocation();
  const [{ data, error }, reload] = useQuery({ query: ViewerQuery });
  useEffect(() => {
    // The page's file comes while the server is asked who looks at it. Should it not come, the
    // page itself says so.
    load?.().catch(() => undefined);
  }, [load]);
  if (!data) {
    return error ? <Failed error={error} retry={reload} /> : <Loading />;
  }
  const { viewer } = data;
  return (
    <ViewerContext.Provider value={viewer}>
      <Navigation viewer={viewer} />
      {viewer.banner !== null && (
        <Box role="status" className="banner" paddingX={6} paddingY={3}>
          <Text size={3}>{viewer.banner}</Text>
        </Box>
      )}
      <div className="body">
        {may(viewer, needs) ? (
          <Boundary at={path}>
            <Suspense fallback={<Loading />}>{children}</Suspense>
          </Boundary>
        ) : (
          <NoPermission />
        )}
      </div>
    </ViewerContext.Provider>
  );
}
