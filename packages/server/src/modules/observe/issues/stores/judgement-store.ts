import type { ScoreThreshold } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { StreamPlace } from "./schema.ts";

export type Reading = { readonly projectId: string; readonly beforeMs: number; readonly limit: number };

const JudgedRow = z.object({
  place: z.coerce.number(),
  key: z.string(),
  at_ms: z.coerce.number(),
  trace_id: z.string(),
  span_id: z.string(),
  name: z.string(),
  comment: z.string(),
  user_id: z.string(),
});
export type JudgedRow = z.output<typeof JudgedRow>;

/** Failing scores and negative feedback. */
export const createJudgementStore = (columnar: Pick<Columnar, "select">) => ({
  ...createScoresOfJudgementStore(columnar),
  ...createFeedbackOfJudgementStore(columnar),
});

const createScoresOfJudgementStore = (columnar: Pick<Columnar, "select">) => ({
  /** Scores beyond a threshold, in the order they were stored, after a position. Feedback has its own. */
  scores(
    after: StreamPlace,
    { limit, ...reading }: Reading,
    thresholds: readonly ScoreThreshold[],
  ): Promise<JudgedRow[]> {
    if (thresholds.length === 0) return Promise.resolve([]);
    const conditions = thresholds.map(
      ({ direction }, place) =>
        `(name = {name${place}:String} AND value ${direction === "below" ? "<" : ">"} {value${place}:Float64})`,
    );
    const named = thresholds.flatMap(({ score, value }, place) => [
      [`name${place}`, score],
      [`value${place}`, value],
    ]);
    return columnar.select({
      sql: `SELECT toString(toUnixTimestamp64Milli(received_at) * 1000) AS place, concat(trace_id, ' ', span_id, ' ', name) AS key,
          toString(toUnixTimestamp64Milli(time)) AS at_ms, trace_id, span_id, name, comment, '' AS user_id
        FROM scores WHERE project_id = {projectId:String} AND isNotNull(value) AND (${conditions.join(" OR ")})
          AND received_at < fromUnixTimestamp64Milli({beforeMs:Int64}, 'UTC') AND received_at >= fromUnixTimestamp64Micro({at:Int64}, 'UTC')
          AND (toUnixTimestamp64Milli(received_at) * 1000, key) > ({at:Int64}, {key:String})
        ORDER BY scores.received_at, key LIMIT {limit:UInt32}`,
      params: { ...Object.fromEntries(named), ...reading, ...after, limit },
      row: JudgedRow,
    });
  },
});

const createFeedbackOfJudgementStore = (columnar: Pick<Columnar, "select">) => ({
  /** Thumbs down with a comment, after a position. */
  feedback(after: StreamPlace, { limit, beforeMs, projectId }: Reading): Promise<JudgedRow[]> {
    return columnar.select({
      sql: `SELECT toString(version) AS place, slot AS key, toString(toUnixTimestamp64Milli(time)) AS at_ms, trace_id, span_id, name,
          comment, user_id FROM feedback
        WHERE project_id = {projectId:String} AND NOT is_retracted AND trace_id != '' AND comment != ''
          AND ((kind = 'boolean' AND value = 0) OR value < 0)
          AND version < {before:UInt64} AND (version, slot) > ({at:UInt64}, {key:String})
        ORDER BY version, slot LIMIT {limit:UInt32}`,
      params: { projectId, ...after, before: beforeMs * 1_000, limit },
      row: JudgedRow,
    });
  },
});
