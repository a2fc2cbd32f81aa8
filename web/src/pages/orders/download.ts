// The whole list as a file, however long it is: fetched with the token, as a link could not be.
import { useState } from "react";

import { notify, useBridge, type Bridge } from "../../dashboard/bridge";
import { authorisedFetch } from "../../dashboard/token";
import { useSay } from "../../messages";
import { toFilter, type Asked } from "./wanted";

function addressOf({ wanted, sort }: Asked): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(toFilter(wanted))) {
    if (value === null || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each));
  }
  query.set("sort", sort.field);
  query.set("direction", sort.direction);
  return `/api/orders.csv?${query.toString()}`;
}

async function save(bridge: Bridge, asked: Asked): Promise<void> {
  const answer = await authorisedFetch(bridge)(addressOf(asked));
  if (!answer.ok) throw new Error(`The list was refused: ${answer.status}`);
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `amazon-orders-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  // The browser reads the file after this turn.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

export function useDownload(asked: Asked): { download: () => void; busy: boolean } {
  const bridge = useBridge();
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const download = () => {
    setBusy(true);
    save(bridge, asked)
      .catch(() => {
        notify(bridge, "error", say("orders.csv.failed"), say("orders.csv.failed.whatToDo"));
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return { download, busy };
}
