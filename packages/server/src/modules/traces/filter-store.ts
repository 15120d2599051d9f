import type { SpanFilter } from "@treadle/contract";
import { compileFilter, type Where } from "./filter-sql.ts";
import { readFilter, splitValues } from "./match-filter.ts";
import { toMicros } from "./micros.ts";

/** The model that answered, or the one asked for when none did. */
export const MODEL = "if(response_model != '', response_model, request_model)";

/** The spans of a project that a filter keeps. match-filter.ts says the same of a span in memory. */
export function whereSpans(projectId: string, filter: SpanFilter): Where {
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
    ...when(filter.search, contains),
    ...when(filter.filter, (text) => compileFilter(readFilter(text))),
  ];
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    params: Object.fromEntries(conditions.flatMap(({ params }) => Object.entries(params))),
  };
}

const when = <Value>(value: Value | undefined, build: (value: Value) => Where): Where[] =>
  value === undefined || value === "" ? [] : [build(value)];

const anyOf =
  (name: string, ...columns: readonly string[]) =>
  (value: string): Where => ({
    sql: `(${columns.map((column) => `${column} IN {${name}:Array(String)}`).join(" OR ")})`,
    params: { [name]: splitValues(value) },
  });

/** The payloads are kept as JSON, so there the text is looked for as JSON writes it. Only a search reads payload columns in a list. */
function contains(search: string): Where {
  const texts = ["name", "error_message", "input_preview", "output_preview"];
  const found = [
    ...texts.map((column) => `positionCaseInsensitiveUTF8(${column}, {search:String}) > 0`),
    ...["input", "output"].map((column) => `positionCaseInsensitiveUTF8(${column}, {searchJson:String}) > 0`),
  ];
  return { sql: `(${found.join(" OR ")})`, params: { search, searchJson: JSON.stringify(search).slice(1, -1) } };
}
