import { escapeFilterValue, type FilterNode, parseFilter, type Score, type SpanFilter } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { SpanRow } from "../rows/span-row.ts";
import { matchesTree } from "./filter-match.ts";

/** The values that a comma-separated filter takes; a value that has a comma itself is matched as a whole too. */
export const splitValues = (value: string): string[] =>
  [...new Set([value, ...value.split(",").map((part) => part.trim())])].filter((part) => part !== "");

const trees = new WeakMap<object, FilterNode | null>();

/**
 * Parses a filter's texts to conditions, or null for none: `search` also matches inside words, `filter` is in the
 * filter language. Throws `invalid_request` for an invalid text. It is parsed once per filter, since a live filter is
 * applied to every span.
 */
export function treeOf(filter: SpanFilter): FilterNode | null {
  const known = trees.get(filter);
  if (known !== undefined) return known;
  const search: FilterNode[] = filter.search ? [{ type: "text", text: `*${escapeFilterValue(filter.search)}*` }] : [];
  const nodes = [...search, ...readFilter(filter.filter ?? "")];
  const [only = null] = nodes;
  const tree: FilterNode | null = nodes.length > 1 ? { type: "and", nodes } : only;
  trees.set(filter, tree);
  return tree;
}

function readFilter(text: string): FilterNode[] {
  const { filter, problems } = parseFilter(text);
  const [problem] = problems;
  if (!problem) return filter === null ? [] : [filter];
  const message = `\`filter\` has a problem at character ${problem.from + 1}: ${problem.message}`;
  throw new AppError("invalid_request", { message, details: { field: "filter" } });
}

/**
 * Whether a new span matches a filter. The result equals the query in filter-store.ts for the span's own user and
 * session. Times are not compared, because it is current.
 */
export function matchesFilter(
  row: SpanRow,
  filter: Omit<SpanFilter, "from" | "to"> & { readonly hidesProbes?: boolean },
  scores: readonly Score[] = [],
): boolean {
  const isIn = (wanted: string | undefined, ...found: readonly string[]) =>
    wanted === undefined || wanted === "" || splitValues(wanted).some((value) => found.includes(value));
  return (
    !(filter.hidesProbes && row.environment === "probe") &&
    isIn(filter.model, row.request_model, row.response_model) &&
    isIn(filter.provider, row.provider) &&
    isIn(filter.endpoint, row.endpoint) &&
    isIn(filter.kind, row.kind) &&
    isIn(filter.status, row.status) &&
    isIn(filter.userId, row.user_id) &&
    isIn(filter.sessionId, row.session_id) &&
    isIn(filter.traceId, row.trace_id) &&
    isIn(filter.tag, ...row.tags) &&
    row.duration_ms >= (filter.minDurationMs ?? 0) &&
    (filter.minCostUsd === undefined || (row.cost_usd !== null && row.cost_usd >= filter.minCostUsd)) &&
    row.input_tokens + row.output_tokens >= (filter.minTokens ?? 0) &&
    (!filter.rootsOnly || row.parent_span_id === "") &&
    matchesTree({ row, scores }, treeOf(filter))
  );
}
