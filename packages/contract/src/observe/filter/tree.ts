import type { FilterFieldName } from "./fields.ts";

/**
 * The language that lists of spans and traces are narrowed with, such as `model:gpt-4o latency>2s -status:error "refund"`.
 * A tree has no `and` in an `and` and no `or` in an `or`, and each has two nodes or more.
 */
export type FilterNode<Field extends string = FilterFieldName> =
  | { readonly type: "and" | "or"; readonly nodes: readonly FilterNode<Field>[] }
  | { readonly type: "not"; readonly node: FilterNode<Field> }
  | { readonly type: "text"; readonly text: string }
  | FilterTerm<Field>;

export type FilterTerm<Field extends string = FilterFieldName> = {
  readonly type: "field";
  readonly field: Field;
  /** The text after the dot of `metadata.KEY` and similar fields. Otherwise empty. */
  readonly key: string;
  readonly operator: FilterOperator;
  /** Any of these. Patterns: `*` is any run of characters, `\*` and `\\` are the characters themselves. */
  readonly values: readonly string[];
};

export const FILTER_OPERATORS = [":", "!=", ">=", "<=", ">", "<"] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** How far a filter may go. */
export const FILTER_LIMITS = { characters: 2_000, depth: 16, nodes: 100, values: 100 } as const;

/** Something that a filter's text says wrongly, from one character to before another. */
export type FilterProblem = { readonly from: number; readonly to: number; readonly message: string };
