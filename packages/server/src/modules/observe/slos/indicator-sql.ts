import type { SloIndicator } from "@treadle/contract";
import { WITHOUT_PROBES } from "../traces/index.ts";

/** What an indicator reads. The caller makes the texts safe: values are bound, or written as literals. */
type Sources = {
  /** Conditions on spans. */
  readonly where: string;
  /** A table of scores in brackets, of the indicator's name and of the requests' traces only. */
  readonly scores: string;
};

/** Which spans are requests. Calls of probes are not the project's traffic. */
export const REQUESTS: Readonly<Record<"calls" | "roots", string>> = {
  calls: `kind IN ('generation', 'embedding') AND ${WITHOUT_PROBES}`,
  roots: `parent_span_id = '' AND ${WITHOUT_PROBES}`,
};

/** Whether a span counts, and whether it is bad. A number of JavaScript is a number of the engine. */
function conditionsOf(indicator: Exclude<SloIndicator, { kind: "score" }>): { counted: string; bad: string } {
  switch (indicator.kind) {
    case "availability":
      return { counted: "true", bad: "status = 'error'" };
    case "latency":
      return { counted: "status != 'error'", bad: `duration_ms > ${Number(indicator.thresholdMs)}` };
    case "timeToFirstToken":
      return { counted: "isNotNull(ttft_ms)", bad: `ifNull(ttft_ms, 0) > ${Number(indicator.thresholdMs)}` };
    case "guardBlocks":
      return { counted: "guard_policy != ''", bad: "guard_action = 'block'" };
    default:
      return indicator satisfies never;
  }
}

/** A table with a row for each request: its time, whether it counts, whether it is bad, and whether only scorers scored it. */
export function requestsSql(indicator: SloIndicator, { where, scores }: Sources): string {
  if (indicator.kind !== "score") {
    const { counted, bad } = conditionsOf(indicator);
    return `(SELECT start_time, ${counted} AS is_counted, ${counted} AND ${bad} AS is_bad, false AS is_judged FROM spans WHERE ${where})`;
  }
  const meanOf = (columns: string, condition: string, name: string) =>
    `(SELECT ${columns}, avg(value) AS ${name}_score, min(source = 'scorer') AS ${name}_judged
      FROM ${scores} WHERE isNotNull(value) AND ${condition} GROUP BY ALL)`;
  return `(SELECT start_time, isNotNull(score) AS is_counted, ifNull(score < ${Number(indicator.least)}, false) AS is_bad,
      isNotNull(score) AND judged AS is_judged FROM (
    SELECT start_time, ifNull(own_score, whole_score) AS score, if(isNotNull(own_score), own_judged, whole_judged) AS judged
    FROM (SELECT start_time, trace_id, span_id FROM spans WHERE ${where}) AS request
    LEFT JOIN ${meanOf("trace_id AS own_trace, span_id AS own_span", "span_id != ''", "own")} AS own
      ON request.trace_id = own.own_trace AND request.span_id = own.own_span
    LEFT JOIN ${meanOf("trace_id AS whole_trace", "span_id = ''", "whole")} AS whole
      ON request.trace_id = whole.whole_trace))`;
}
