import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";

const MOST_PAIRS = 20_000;
const BATCH = 500;

const PairRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  judge_value: z.number().nullable(),
  judge_label: z.string(),
  reason: z.string(),
  human_value: z.number().nullable(),
  human_label: z.string(),
});
export type SpanPair = z.output<typeof PairRow>;
const FacetRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  model: z.string(),
  keys: z.array(z.string()),
  values: z.array(z.string()),
});

type Wanted = { readonly score: string; readonly label: string; readonly from: string; readonly to: string };

/** All judgements of a project's spans as a table to stand after FROM, as the module of traces writes it. */
type ScoresOf = (condition?: { readonly where?: string; readonly project?: string }) => string;

/**
 * Spans with a judge's and a person's score; the newest of each counts. Under the same name, scores by scorers belong
 * to the judge.
 */
export const createSpanPairStore = (columnar: Pick<Columnar, "select">, scoresOf: ScoresOf) => ({
  /** Newest first. `from` and `to` are ISO 8601, of the judge's score. */
  list: (projectId: string, { score, label, from, to }: Wanted): Promise<SpanPair[]> =>
    columnar.select({
      sql: `SELECT trace_id, span_id,
          tupleElement(argMaxIf(tuple(value), time, is_judge), 1) AS judge_value, argMaxIf(label, time, is_judge) AS judge_label,
          argMaxIf(comment, time, is_judge) AS reason,
          tupleElement(argMaxIf(tuple(value), time, is_human), 1) AS human_value, argMaxIf(label, time, is_human) AS human_label
        FROM (
          SELECT *, name = {score:String} AND ({score:String} != {label:String} OR source = 'scorer') AS is_judge,
            name = {label:String} AND ({score:String} != {label:String} OR source != 'scorer') AS is_human
          FROM ${scoresOf({ where: "name IN ({score:String}, {label:String})" })} WHERE span_id != ''
        )
        GROUP BY trace_id, span_id
        HAVING countIf(is_judge) > 0 AND countIf(is_human) > 0
          AND maxIf(time, is_judge) >= parseDateTime64BestEffort({from:String}, 6, 'UTC')
          AND maxIf(time, is_judge) < parseDateTime64BestEffort({to:String}, 6, 'UTC')
        ORDER BY maxIf(time, is_judge) DESC, trace_id, span_id LIMIT ${MOST_PAIRS}`,
      params: { projectId, score, label, from, to },
      row: PairRow,
    }),

  /** The model and the metadata of spans, by trace and span. */
  async facets(
    projectId: string,
    spans: readonly Pick<SpanPair, "trace_id" | "span_id">[],
  ): Promise<ReadonlyMap<string, Record<string, string>>> {
    const labelsBySpan = new Map<string, Record<string, string>>();
    for (let at = 0; at < spans.length; at += BATCH) {
      const batch = spans.slice(at, at + BATCH);
      const rows = await columnar.select({
        sql: `SELECT trace_id, span_id, if(response_model != '', response_model, request_model) AS model,
            mapKeys(metadata) AS keys, mapValues(metadata) AS values
          FROM spans WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} AND span_id IN {spanIds:Array(String)}`,
        params: {
          projectId,
          traceIds: batch.map(({ trace_id }) => trace_id),
          spanIds: batch.map(({ span_id }) => span_id),
        },
        row: FacetRow,
      });
      for (const { trace_id, span_id, model, keys, values } of rows)
        labelsBySpan.set(`${trace_id} ${span_id}`, {
          ...Object.fromEntries(keys.map((key, place) => [key, values[place] ?? ""])),
          ...(model && { model }),
        });
    }
    return labelsBySpan;
  },
});
