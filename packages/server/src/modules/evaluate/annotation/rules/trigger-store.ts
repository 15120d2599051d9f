import type { AnnotationTrigger } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

export type ScoreTrigger = Exclude<AnnotationTrigger, { kind: "arrivals" | "novelty" | "drift" }>;

type SpanKey = { readonly traceId: string; readonly spanId: string };
/** The SQL for spans and their scores, from the module that stores them. */
type SpanSql = {
  scoresOf(condition?: { readonly where?: string }): string;
  whereSpans(
    projectId: string,
    query: { readonly filter: string },
    owners: { readonly sql: string; readonly params: Readonly<Record<string, unknown>> },
  ): { readonly clause: string; readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
};

const KeyRow = z.object({ trace_id: z.string(), span_id: z.string() });
const SpanRow = KeyRow.extend({ is_root: z.coerce.boolean() });

const MOST = 500;
/** Judges of one span may come so long after each other. */
const APART_SECONDS = 86_400;
const SINCE = "time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')";

/** Conditions on scores in the engine: keys of spans, or of whole traces with an empty span. */
function questionOf(
  trigger: ScoreTrigger,
  scoresOf: SpanSql["scoresOf"],
): {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
} {
  const named = (names: readonly string[]) =>
    scoresOf(names.length === 0 ? {} : { where: "name IN {names:Array(String)}" });
  switch (trigger.kind) {
    case "score": {
      const below = trigger.below === null ? "false" : "value < {below:Float64}";
      const above = trigger.above === null ? "false" : "value > {above:Float64}";
      return {
        sql: `SELECT trace_id, span_id FROM ${named([trigger.score])} WHERE ${SINCE} AND isNotNull(value) AND (${below} OR ${above})
          GROUP BY trace_id, span_id ORDER BY max(time), trace_id, span_id`,
        params: { names: [trigger.score], below: trigger.below ?? 0, above: trigger.above ?? 0 },
      };
    }
    case "feedback":
      return {
        sql: `SELECT trace_id, span_id FROM ${named(trigger.names)} WHERE source = 'feedback' AND ${SINCE} AND isNotNull(value)
          AND value < {below:Float64} GROUP BY trace_id, span_id ORDER BY max(time), trace_id, span_id`,
        params: { names: trigger.names, below: trigger.below },
      };
    case "disagreement":
      return {
        sql: `SELECT trace_id, span_id FROM ${named(trigger.scores)}
          WHERE time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') - INTERVAL ${APART_SECONDS} SECOND
          GROUP BY trace_id, span_id
          HAVING max(time) >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND uniqExact(name) >= 2
            AND (max(value) - min(value) >= {by:Float64} OR uniqExactIf(label, label != '') >= 2)
          ORDER BY max(time), trace_id, span_id`,
        params: { names: trigger.scores, by: trigger.by },
      };
    default:
      return trigger satisfies never;
  }
}

/** The spans that scores point to. */
export const createTriggerStore = (columnar: Pick<Columnar, "select">, { scoresOf, whereSpans }: SpanSql) => ({
  /**
   * Spans with scores since a time (milliseconds since 1970), oldest first. An empty span stands for the whole trace.
   */
  async find(projectId: string, trigger: ScoreTrigger, from: number): Promise<SpanKey[]> {
    const { sql, params } = questionOf(trigger, scoresOf);
    const rows = await columnar.select({
      sql: `${sql} LIMIT ${MOST}`,
      params: { projectId, from, ...params },
      row: KeyRow,
    });
    return rows.map((row) => ({ traceId: row.trace_id, spanId: row.span_id }));
  },

  /** The existing spans that match a filter. A whole trace becomes its first span. */
  async match(projectId: string, keys: readonly SpanKey[], filter: string): Promise<SpanKey[]> {
    if (keys.length === 0) return [];
    const isOfTraces = "trace_id IN {traceIds:Array(String)}";
    const where = whereSpans(projectId, { filter }, { sql: ` AND ${isOfTraces}`, params: {} });
    const rows = await columnar.select({
      sql: `SELECT trace_id, span_id, parent_span_id = '' AS is_root FROM spans ${where.clause} ${where.sql}
        AND ${isOfTraces} AND (parent_span_id = '' OR span_id IN {spanIds:Array(String)})`,
      params: {
        ...where.params,
        traceIds: [...new Set(keys.map(({ traceId }) => traceId))],
        spanIds: keys.map(({ spanId }) => spanId),
      },
      row: SpanRow,
    });
    const wanted = new Set(keys.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    return rows
      .filter((row) => wanted.has(`${row.trace_id} ${row.span_id}`) || (row.is_root && wanted.has(`${row.trace_id} `)))
      .map((row) => ({ traceId: row.trace_id, spanId: row.span_id }));
  },
});
