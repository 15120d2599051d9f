import type { FilterNode, SpanFilter } from "@treadle/contract";
import { toMicros } from "../rows/micros.ts";
import { compileFilter } from "./filter-node-sql.ts";
import { type ListFilter, WITHOUT_PROBES } from "./hide-probes.ts";
import { splitValues, treeOf } from "./match-filter.ts";
import { type OwnerColumn, ownerMeets, ownersAround } from "./owner-sql.ts";
import type { Where } from "./where.ts";

/** The model that answered, or the requested model if none did. */
export const MODEL = "if(response_model != '', response_model, request_model)";

/** Whether a share of all traces includes a trace, by its id. The result is the same for every caller at any time. */
export const IN_SHARE = "({share:Float64} >= 1 OR cityHash64(trace_id) / 18446744073709551616. < {share:Float64})";

/**
 * The query of a sorted list with a limit. The engine uses the index of words only if a text condition comes first, and
 * the index of traces for a span's owner. With a plain clause, the engine would read other columns of every candidate
 * row.
 */
export type SpanWhere = Where & { readonly clause: "WHERE" | "PREWHERE" };

/**
 * The spans of a project that match a filter. filter-match.ts does the same for a span in memory. Owners are the user
 * and session of a span: `owners` are conditions for the spans that can name them. Null compares the span's own values.
 */
export function whereSpans(
  projectId: string,
  filter: ListFilter,
  owners: Where | null = ownersAround(filter),
): SpanWhere {
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
    ...when(filter.userId, ownedBy("userId", "user_id", owners)),
    ...when(filter.sessionId, ownedBy("sessionId", "session_id", owners)),
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
    ...when(filter.hidesProbes || undefined, () => ({ sql: WITHOUT_PROBES, params: {} })),
    ...(tree === null ? [] : [compileFilter(tree, owners)]),
  ];
  return {
    clause: filter.userId || filter.sessionId || (tree !== null && isCostly(tree)) ? "PREWHERE" : "WHERE",
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    params: Object.fromEntries(conditions.flatMap(({ params }) => Object.entries(params))),
  };
}

/** Whether a filter says when and nothing else. */
export function isOfPeriodAlone({ from: _from, to: _to, hidesProbes: _hides, ...narrowing }: ListFilter): boolean {
  return Object.values(narrowing).every((value) => value === undefined || value === "" || value === false);
}

const OWNER_FIELDS: ReadonlySet<string> = new Set(["user", "session"]);
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

const ownedBy = (name: string, column: OwnerColumn, owners: Where | null) => {
  if (owners === null) return anyOf(name, column);
  const isWanted = (owner: string) => `${owner} IN {${name}:Array(String)}`;
  return (value: string): Where => ({
    sql: ownerMeets({ column, isWanted, takesNobody: false }, owners),
    params: { ...owners.params, [name]: splitValues(value) },
  });
};

/** Whether a filter has a condition that is to be decided before other columns are read: a text, or the owner of a span. */
function isCostly(node: FilterNode): boolean {
  if (node.type === "not") return isCostly(node.node);
  if ("nodes" in node) return node.nodes.some(isCostly);
  return (
    node.type === "text" ||
    OWNER_FIELDS.has(node.field) ||
    (node.field === "has" && node.values.some((value) => OWNER_FIELDS.has(value)))
  );
}
