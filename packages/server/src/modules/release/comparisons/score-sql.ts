import { HAS_OWN_ANSWER, PLACE } from "./metric-sql.ts";

type Scored = {
  /** Goes after FROM: the scores of the name that is meant. */
  readonly table: string;
  /** The rows of spans. */
  readonly where: string;
  /** Whether a row counts. */
  readonly counted: string;
  /** More columns, each after a comma. */
  readonly columns?: readonly (readonly [name: string, sql: string])[];
};

const newest = (id: string, table: string, where: string) =>
  `(SELECT ${id} AS id, argMax(value, time) AS newest, 1 AS times FROM ${table} WHERE ${where} AND isNotNull(value) GROUP BY id)`;

/** Spans with their place, whether they are scored, and the newest score, of the span or else of its trace. */
export function scoredSpans({ table, where, counted, columns = [] }: Scored): string {
  const names = columns.map(([name]) => `, ${name}`).join("");
  const more = columns.map(([name, sql]) => `, ${sql} AS ${name}`).join("");
  return `SELECT place, variant, start_time, counted${names}, own AND (of_span.times + of_trace.times > 0) AS scored,
      if(of_span.times > 0, of_span.newest, of_trace.newest) AS score
    FROM (SELECT ${PLACE} AS place, variant, start_time${more}, cityHash64(trace_id, span_id) AS span, cityHash64(trace_id) AS trace,
        ${counted} AS counted, ${HAS_OWN_ANSWER} AS own FROM spans WHERE ${where}) AS calls
    LEFT ANY JOIN ${newest("cityHash64(trace_id, span_id)", table, "span_id != ''")} AS of_span ON calls.span = of_span.id
    LEFT ANY JOIN ${newest("cityHash64(trace_id)", table, "span_id = ''")} AS of_trace ON calls.trace = of_trace.id`;
}

/** A tuple of `Sums` over units with `n` scores and their sum `s`. */
export const SCORE_SUMS =
  "(countIf(n > 0), sumIf(s / n, n > 0), sumIf(pow(s / n, 2), n > 0), toUInt64(0), countIf(n = 0))";
