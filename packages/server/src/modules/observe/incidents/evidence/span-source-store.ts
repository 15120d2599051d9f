import type { MeasurePlan } from "./measure-plan.ts";

/** Conditions over the spans of one project in one time range. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
export type Asked = { readonly plan: MeasurePlan; readonly limit: number | null; readonly signal: AbortSignal };
export type ScoresOf = (condition?: { readonly where?: string }) => string;

type Source = { readonly from: string; readonly params: Readonly<Record<string, unknown>> };

/** The spans of a time range as a table for use after FROM. */
export const createSource =
  (scoresOf: ScoresOf) =>
  (projectId: string, { plan, limit }: Asked, where: Where): Source => ({
    from: plan.score === null ? `(SELECT * FROM spans WHERE ${where.sql})` : withScore(where, scoresOf),
    params: {
      ...where.params,
      projectId,
      ...(plan.limit !== null && { limit: limit ?? 0 }),
      ...(plan.score !== null && { score: plan.score }),
    },
  });
export type SourceOf = ReturnType<typeof createSource>;

/** Each span with its score: its own, or its trace's. */
function withScore(where: Where, scoresOf: ScoresOf): string {
  const of = (condition: string) =>
    `FROM ${scoresOf({ where: "name = {score:String}" })} WHERE isNotNull(value) AND span_id ${condition}`;
  return `(SELECT base.*, ifNull(own.own_score, whole.whole_score) AS score FROM (SELECT * FROM spans WHERE ${where.sql}) AS base
    LEFT JOIN (SELECT trace_id AS own_trace, span_id AS own_span, avgOrNull(value) AS own_score ${of("!= ''")} GROUP BY trace_id, span_id) AS own
      ON base.trace_id = own.own_trace AND base.span_id = own.own_span
    LEFT JOIN (SELECT trace_id AS whole_trace, avgOrNull(value) AS whole_score ${of("= ''")} GROUP BY trace_id) AS whole
      ON base.trace_id = whole.whole_trace)`;
}
