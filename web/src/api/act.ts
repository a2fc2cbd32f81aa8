// Deeds: a mutation answers what came of it, or a problem in words that say what to do.
import type { TypedDocumentNode } from "@urql/core";
import { useState } from "react";
import { useClient } from "urql";

import { failureOf } from "./client";
import { notify, useBridge } from "../dashboard/bridge";
import { useSay } from "../messages";

/** What a document asks of a `Problem`; as in the schema, whatever union it came in. */
export type Problem = {
  __typename: "Problem";
  code: string;
  message: string;
  field: string | null;
  whatToDo: string | null;
  fields?: { field: string; message: string }[];
};

type Answer<Data> = Exclude<Data[keyof Data], Problem | null | undefined>;
/** What most deeds change; these are read again wherever they are on the screen. */
const CHANGED = ["Viewer", "Store", "Order", "OrderConnection", "LogConnection"];

/** What was read and is sent back: the cache had asked for type names, which no input knows. */
function withoutTypenames<Value>(value: Value): Value {
  const kept = (key: string, part: unknown) => (key === "__typename" ? undefined : part);
  return JSON.parse(JSON.stringify(value, kept)) as Value;
}

export type Deed<Data, Variables> = {
  run: (variables: Variables) => Promise<Answer<Data> | null>;
  busy: boolean;
  problem: Problem | null;
  forget: () => void;
};

/**
 * Runs a mutation with one field and a `Result | Problem` union. A problem is kept for the page to
 * show beside what caused it; what nobody can correct is told in the dashboard's own way.
 */
export function useDeed<Data extends object, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
): Deed<Data, Variables> {
  const client = useClient();
  const bridge = useBridge();
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const run = async (variables: Variables): Promise<Answer<Data> | null> => {
    setBusy(true);
    setProblem(null);
    const context = { additionalTypenames: CHANGED };
    const asked = client.mutation(document, withoutTypenames(variables), context);
    const { data, error } = await asked.toPromise();
    setBusy(false);
    if (error || !data) {
      const failure = error ? failureOf(error) : "defect";
      const told = failure === "shop" || failure === "input" || failure === "forbidden";
      const words = told ? error?.graphQLErrors[0]?.message : undefined;
      notify(bridge, "error", say(`failed.${failure}`), words ?? say(`failed.${failure}.whatToDo`));
      return null;
    }
    const answer = Object.values(data)[0] as Answer<Data> | Problem;
    if ((answer as Problem).__typename === "Problem") {
      setProblem(answer as Problem);
      return null;
    }
    return answer as Answer<Data>;
  };
  return {
    run,
    busy,
    problem,
    forget: () => {
      setProblem(null);
    },
  };
}
