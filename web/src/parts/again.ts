// Asks again every so often while somebody looks, so that what happened meanwhile shows up.
import { useEffect } from "react";
import type { UseQueryExecute } from "urql";

/** Without a time nothing is asked again. */
export function useAgain(reload: UseQueryExecute, everyMs: number | null): void {
  useEffect(() => {
    if (everyMs === null) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) reload({ requestPolicy: "network-only" });
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [reload, everyMs]);
}
