import type { SloInput } from "@treadle/contract";
import { REQUESTS, requestsSql } from "./indicator-sql.ts";

/** Conditions of a filter, with the values of its placeholders. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

/** A monitor's statement: the share of bad requests, and the requests that count. `own` continues the condition, with `AND`. */
export function badShareSql({ counts, endpoint, indicator }: SloInput, own: Where): string {
  const where = [
    "start_time >= {from:DateTime64(6)}",
    "start_time < {to:DateTime64(6)}",
    REQUESTS[counts],
    ...(endpoint === "" ? [] : [`endpoint = ${literalOf(endpoint)}`]),
  ].join(" AND ");
  const spans = where + withLiterals(own);
  const score = indicator.kind === "score" ? indicator.score : "";
  const scores = `(SELECT * FROM scores WHERE name = ${literalOf(score)} AND trace_id IN (SELECT trace_id FROM spans WHERE ${spans}))`;
  return `SELECT countIf(is_bad) / nullIf(countIf(is_counted), 0) AS value, countIf(is_counted) AS n
    FROM ${requestsSql(indicator, { where: spans, scores })}`;
}

/** Values in place of placeholders, for a statement that has no parameters. */
function withLiterals({ sql, params }: Where): string {
  return sql.replaceAll(/\{(\w+):([^}]+)\}/g, (_whole, name: string) => literalOf(params[name]));
}

/** A value as a literal of the engine. */
function literalOf(value: unknown): string {
  if (typeof value === "string") return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(literalOf).join(", ")}]`;
  throw new Error(`a value of the type ${typeof value} has no literal`);
}
