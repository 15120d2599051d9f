import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

/** One read gives the first pairs of its time. */
export const MOST_PAIRS = 100_000;
/** A person can give a score this long after the judge. */
const DAYS_APART = 90;

const PairRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  judge_value: z.number().nullable(),
  judge_label: z.string(),
  human_value: z.number().nullable(),
  human_label: z.string(),
  /** The day (UTC) on which the second score arrived. */
  day: z.string(),
});
export type LabelledSpan = z.output<typeof PairRow>;

type Wanted = { readonly score: string; readonly label: string; readonly from: Date; readonly to: Date };

const TIME = "DateTime64(6, 'UTC')";
const NEWEST = "tupleElement(argMax(tuple(value), time), 1) AS value, argMax(label, time) AS label";
const toTime = (date: Date) => date.toISOString().replace("T", " ").replace("Z", "");

/** All judgements of a project as a table to stand after FROM, as the module of traces writes it. */
type ScoresOf = (condition: { readonly where: string }) => string;

/**
 * Spans with scores by a judge and by people. A pair is complete when its second score arrives. A human score of a whole trace
 * belongs to the span that the judge scored, if there is one such span.
 */
export const createLabelStore = (columnar: Pick<Columnar, "select">, scoresOf: ScoresOf) => ({
  /** The pairs that became complete within a time, in this order; at most 100,000. */
  list: (projectId: string, { score, label, from, to }: Wanted): Promise<LabelledSpan[]> =>
    columnar.select({
      sql: `WITH scored AS (
          SELECT *, name = {score:String} AND ({score:String} != {label:String} OR source = 'scorer') AS is_judge,
            name = {label:String} AND ({score:String} != {label:String} OR source != 'scorer') AS is_human
          FROM ${scoresOf({ where: "name IN ({score:String}, {label:String})" })}
          WHERE time >= {from:${TIME}} - INTERVAL ${DAYS_APART} DAY AND time < {to:${TIME}}),
        judges AS (
          SELECT *, count() OVER (PARTITION BY trace_id) AS spans FROM (
            SELECT trace_id, span_id, min(time) AS first, ${NEWEST}
            FROM scored WHERE is_judge AND span_id != '' GROUP BY trace_id, span_id)),
        people AS (
          SELECT trace_id, span_id, min(time) AS first, ${NEWEST} FROM scored WHERE is_human GROUP BY trace_id, span_id)
        SELECT judges.trace_id AS trace_id, judges.span_id AS span_id,
          judges.value AS judge_value, judges.label AS judge_label, people.value AS human_value, people.label AS human_label,
          toString(toDate(greatest(judges.first, people.first), 'UTC')) AS day
        FROM judges INNER JOIN people ON judges.trace_id = people.trace_id
        WHERE (people.span_id = judges.span_id OR (people.span_id = '' AND judges.spans = 1))
          AND greatest(judges.first, people.first) >= {from:${TIME}}
        ORDER BY greatest(judges.first, people.first), trace_id, span_id, people.span_id != '' DESC
        LIMIT 1 BY trace_id, span_id LIMIT ${MOST_PAIRS}`,
      params: { projectId, score, label, from: toTime(from), to: toTime(to) },
      row: PairRow,
    }),
});
