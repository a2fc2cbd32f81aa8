// Who looks at the page and what they may; asked once and known everywhere.
import { createContext, useContext } from "react";

import { graphql, type ResultOf } from "../api/graphql";

export const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      shopDomain
      email
      canSeeOrders
      canManage
      amazonConsentAvailable
      banner
      checklist {
        key
        done
      }
    }
  }
`);

export type Viewer = ResultOf<typeof ViewerQuery>["viewer"];

export const ViewerContext = createContext<Viewer | null>(null);

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error("the page is drawn outside the shell");
  return viewer;
}
