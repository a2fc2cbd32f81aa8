// Communication errors, and what was sent to Amazon, newest first.
import { Box, Button } from "@saleor/macaw-ui";
import { useQuery } from "urql";
import { useSearch } from "wouter";

import { goTo } from "../../dashboard/routing";
import { type Key, useSay } from "../../messages";
import { Choice } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { Empty, Failed, Loading } from "../../parts/states";
import { LogsQuery, StoreNamesQuery } from "./documents";
import { LogRow } from "./LogRow";

const CONTEXT = { additionalTypenames: ["LogEntry", "LogConnection"] };
const KINDS = ["COMMUNICATION_ERROR", "SENT_TO_AMAZON"] as const;
const HEADS: readonly Key[] = [
  "logs.at",
  "logs.store",
  "logs.operation",
  "logs.message",
  "order.number",
];

/** The page with other filters, which begins at its newest entries again. */
function filtered(search: string, name: "kind" | "store", value: string): string {
  const next = new URLSearchParams(search);
  next.delete("after");
  if (value) next.set(name, value);
  else next.delete(name);
  return `/logs?${next.toString()}`;
}

function Filters({ search }: { search: string }) {
  const say = useSay();
  const asked = new URLSearchParams(search);
  const [{ data }] = useQuery({ query: StoreNamesQuery });
  const choose = (name: "kind" | "store") => (value: string) => {
    goTo(filtered(search, name, value));
  };
  return (
    <div className="filters">
      <Choice
        label={say("logs.kind")}
        value={asked.get("kind") ?? ""}
        options={[
          { value: "", label: say("logs.everything") },
          ...KINDS.map((value) => ({ value, label: say(`logKind.${value}`) })),
        ]}
        onChange={choose("kind")}
      />
      <Choice
        label={say("logs.store")}
        value={data ? (asked.get("store") ?? "") : ""}
        options={[
          { value: "", label: say("logs.allStores") },
          ...(data?.stores ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={choose("store")}
      />
    </div>
  );
}

export default function Logs() {
  const say = useSay();
  const search = useSearch();
  const asked = new URLSearchParams(search);
  const after = asked.get("after");
  const [{ data, error }, reload] = useQuery({
    query: LogsQuery,
    variables: {
      after,
      filter: {
        kind: KINDS.find((kind) => kind === asked.get("kind")) ?? null,
        storeId: asked.get("store"),
      },
    },
    context: CONTEXT,
  });
  const entries = data?.logs.nodes ?? [];
  const page = data?.logs.pageInfo;
  const older = () => {
    const next = new URLSearchParams(search);
    next.set("after", page?.endCursor ?? "");
    goTo(`/logs?${next.toString()}`);
  };
  return (
    <Page title={say("nav.logs")}>
      <Filters search={search} />
      {!data && (error ? <Failed error={error} retry={reload} /> : <Loading />)}
      {data && entries.length === 0 && (
        <Empty title={say("logs.none")}>{say("logs.none.what")}</Empty>
      )}
      {entries.length > 0 && (
        <Box className="scrolls" paddingX={3}>
          <table className="table">
            <thead>
              <tr>
                {HEADS.map((head) => (
                  <th key={head} scope="col">
                    {say(head)}
                  </th>
                ))}
                <th scope="col">
                  <span className="unseen">{say("held.retry")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <LogRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </Box>
      )}
      {(after !== null || page?.hasNextPage) && (
        <Box display="flex" justifyContent="flex-end" gap={2} padding={6}>
          {after !== null && (
            <Button
              variant="secondary"
              onClick={() => {
                goTo(filtered(search, "kind", asked.get("kind") ?? ""));
              }}
            >
              {say("logs.newest")}
            </Button>
          )}
          {page?.hasNextPage && (
            <Button variant="secondary" onClick={older}>
              {say("logs.older")}
            </Button>
          )}
        </Box>
      )}
    </Page>
  );
}
