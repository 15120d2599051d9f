import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";

const ValueRow = z.object({ trace_id: z.string(), span_id: z.string(), newest: z.number() });
/** The condition on spans, from `whereSpans`. */
type Spans = {
  readonly clause: string;
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
};
/** More values would not noticeably narrow an interval. */
export const MOST_VALUES = 100_000;

/** Scores by scorers on spans. */
export const createSpanValueStore = (columnar: Pick<Columnar, "select">) => ({
  /** The newest score of each of the spans, by trace and span as `TRACE:SPAN`; at most so many and one more, the newest first. */
  async list(projectId: string, score: string, spans: Spans): Promise<ReadonlyMap<string, number>> {
    const rows = await columnar.select({
      sql: `SELECT trace_id, span_id, argMax(value, time) AS newest FROM scores
        WHERE project_id = {projectId:String} AND name = {score:String} AND source = 'scorer' AND span_id != '' AND isNotNull(value)
          AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM spans ${spans.clause} ${spans.sql})
        GROUP BY trace_id, span_id ORDER BY max(time) DESC, trace_id, span_id LIMIT ${MOST_VALUES + 1}`,
      params: { ...spans.params, projectId, score },
      row: ValueRow,
    });
    return new Map(rows.map(({ trace_id, span_id, newest }) => [`${trace_id}:${span_id}`, newest]));
  },
});
