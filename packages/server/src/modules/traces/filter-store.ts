import type { FilterNode, SpanFilter } from "@treadle/contract";
import { compileFilter, type Where } from "./filter-node-store.ts";
import { splitValues, treeOf } from "./match-filter.ts";
import { toMicros } from "./micros.ts";

/** The model that answered, or the one asked for when none did. */
export const MODEL = "if(response_model != '', response_model, request_model)";

/** Whether a share of all traces holds a trace, by its id: each is in it or not, whoever asks and whenever. */
export const IN_SHARE = "({share:Float64} >= 1 OR cityHash64(trace_id) / 18446744073709551616. < {share:Float64})";

/**
 * How a list that is sorted and cut off asks: a text only from the index of words when it is asked for before all else. With the plain
 * clause the engine would read the payloads of every row that could still be among the first.
 */
export type SpanWhere = Where & { readonly clause: "WHERE" | "PREWHERE" };

/** The spans of a project that a filter keeps. match-filter.ts says the same of a span in memory. */
export function whereSpans(projectId: string, filter: SpanFilter): SpanWhere {
  const tree = treeOf(filter);
  const conditions: Where[] = [
    { sql: "project_id = {projectId:String}", params: { projectId } },
    ...when(filter.from, (from) => ({
      sql: "start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')",
      params: { from: toMicros(from) },
    })),
    ...when(filter.to, (to) => ({
      sql: "start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')",
      params: { to: toMicros(to) },
    })),
    ...when(filter.model, anyOf("model", "request_model", "response_model")),
    ...when(filter.provider, anyOf("provider", "provider")),
    ...when(filter.endpoint, anyOf("endpoint", "endpoint")),
    ...when(filter.kind, anyOf("kind", "kind")),
    ...when(filter.status, anyOf("status", "status")),
    ...when(filter.userId, anyOf("userId", "user_id")),
    ...when(filter.sessionId, anyOf("sessionId", "session_id")),
    ...when(filter.traceId, anyOf("traceId", "trace_id")),
    ...when(filter.tag, (tag) => ({ sql: "hasAny(tags, {tag:Array(String)})", params: { tag: splitValues(tag) } })),
    ...when(filter.minDurationMs, (least) => ({
      sql: "duration_ms >= {minDurationMs:Float64}",
      params: { minDurationMs: least },
    })),
    ...when(filter.minCostUsd, (least) => ({ sql: "cost_usd >= {minCostUsd:Float64}", params: { minCostUsd: least } })),
    ...when(filter.minTokens, (least) => ({
      sql: "toUInt64(input_tokens) + output_tokens >= {minTokens:UInt64}",
      params: { minTokens: least },
    })),
    ...when(filter.rootsOnly || undefined, () => ({ sql: "parent_span_id = ''", params: {} })),
    ...(tree === null ? [] : [compileFilter(tree)]),
  ];
  return {
    clause: tree !== null && looksForText(tree) ? "PREWHERE" : "WHERE",
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    params: Object.fromEntries(conditions.flatMap(({ params }) => Object.entries(params))),
  };
}

const NARROW: ReadonlySet<string> = new Set(["user", "session", "trace", "span"]);

/** Whether a filter names one of many users, sessions, traces or spans, whose few rows an index finds in all of the time at once. */
export function isNarrow({ userId, sessionId, traceId, ...filter }: SpanFilter): boolean {
  const narrows = (node: FilterNode): boolean =>
    node.type === "and"
      ? node.nodes.some(narrows)
      : node.type === "field" &&
        node.operator === ":" &&
        NARROW.has(node.field) &&
        !node.values.some((value) => value === "" || value.includes("*"));
  const tree = treeOf(filter);
  return Boolean(userId || sessionId || traceId) || (tree !== null && narrows(tree));
}

const when = <Value>(value: Value | undefined, build: (value: Value) => Where): Where[] =>
  value === undefined || value === "" ? [] : [build(value)];

const anyOf =
  (name: string, ...columns: readonly string[]) =>
  (value: string): Where => ({
    sql: `(${columns.map((column) => `${column} IN {${name}:Array(String)}`).join(" OR ")})`,
    params: { [name]: splitValues(value) },
  });

function looksForText(node: FilterNode): boolean {
  if (node.type === "not") return looksForText(node.node);
  return node.type === "text" || ("nodes" in node && node.nodes.some(looksForText));
}
