import type { FilterNode, SpanFilter } from "@treadle/contract";
import { treeOf } from "./match-filter.ts";

/** A filter of a list. With `hidesProbes`, spans of the environment `probe` do not match. */
export type ListFilter = SpanFilter & { readonly hidesProbes?: boolean };

/** The condition of spans that are no calls of probes. */
export const WITHOUT_PROBES = "environment != 'probe'";

const NAMING: ReadonlySet<string> = new Set(["environment", "trace", "span"]);

/**
 * Calls of probes are no traffic, and a set-up makes thousands of them. Lists and measures show them only if the filter names an
 * environment, a trace or a span. Throws `invalid_request` for an invalid filter.
 */
export const hideProbes = <Query extends SpanFilter>(query: Query): Query & ListFilter => ({
  ...query,
  hidesProbes: !canShowProbes(query),
});

export function canShowProbes(filter: SpanFilter): boolean {
  const names = (node: FilterNode): boolean => {
    if (node.type === "not") return names(node.node);
    if ("nodes" in node) return node.nodes.some(names);
    return node.type === "field" && NAMING.has(node.field);
  };
  const tree = treeOf(filter);
  return Boolean(filter.traceId) || (tree !== null && names(tree));
}
