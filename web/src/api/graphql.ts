// Documents with types: what a page asks for is checked against `schema.graphql`.
import { gql } from "@urql/core";
import type { initGraphQLTada } from "gql.tada";

import type { introspection } from "./schema.gen";

type Documents = initGraphQLTada<{
  introspection: introspection;
  scalars: { ID: string; DateTime: string; Date: string; Decimal: string };
  disableMasking: true;
}>;

type DocumentNode = ReturnType<typeof gql>;

const parsed = (source: string, fragments: readonly DocumentNode[] = []): DocumentNode =>
  gql([source, ...fragments.map(() => "")] as unknown as TemplateStringsArray, ...fragments);

/** `graphql("query …", [fragments])`: the types come from the schema, the parsing from urql. */
export const graphql = parsed as unknown as Documents;

export type { FragmentOf, ResultOf, VariablesOf } from "gql.tada";
