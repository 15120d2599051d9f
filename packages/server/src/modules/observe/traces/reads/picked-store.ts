import type { Score, Span, SpanFilter } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { IN_SHARE, MODEL, type SpanWhere, whereSpans } from "../filter/filter-sql.ts";
import { scoresOf } from "../filter/judgement-sql.ts";
import { FullRow, toSpan } from "../rows/read-span.ts";
import { FULL } from "./store.ts";

export type SpanKey = { readonly traceId: string; readonly spanId: string };
/** The requested selection of the matching spans. */
export type Pick =
  | {
      readonly kind: "newest" | "random";
      readonly size: number;
      readonly seed: number;
      /** The share of traces, selected by their ids. 1 by default. */
      readonly share?: number;
    }
  /** Random traces, with one random matching span each. */
  | { readonly kind: "one-per-trace"; readonly size: number; readonly seed: number }
  | { readonly kind: "stratified"; readonly size: number; readonly seed: number; readonly by: string }
  | { readonly kind: "hardest"; readonly size: number; readonly score: string };

const KeyRow = z.object({ trace_id: z.string(), span_id: z.string() });
const Count = z.object({ count: z.coerce.number() });
const ScoreRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  name: z.string(),
  value: z.number().nullable(),
  label: z.string(),
  comment: z.string(),
  source: z.string(),
  at: z.string(),
});
const MOST_COUNTED = 100_000;
const BATCH = 200;
const RANDOM = "cityHash64(trace_id, span_id, {seed:UInt64})";

/** Values by which spans are stratified, in the engine's SQL. */
function strataOf(by: string): { readonly sql: string; readonly params: Readonly<Record<string, unknown>> } {
  const [section = "", ...path] = by.split(".");
  const key = path.join(".");
  const columns: Readonly<Record<string, string>> = {
    model: MODEL,
    name: "name",
    userId: "user_id",
    sessionId: "session_id",
    tags: "arrayStringConcat(tags, ',')",
  };
  const column = path.length === 0 ? columns[section] : undefined;
  if (column !== undefined) return { sql: column, params: {} };
  if (key !== "" && (section === "metadata" || section === "attributes" || section === "attr"))
    return { sql: `${section === "metadata" ? section : "attributes"}[{by:String}]`, params: { by: key } };
  throw new AppError("invalid_request", {
    message: `\`sampling.by\`: spans cannot be grouped by "${by.slice(0, 60)}". Write model, name, userId, sessionId, tags, metadata.KEY or attributes.KEY.`,
    details: { field: "sampling.by" },
  });
}

/** As many of each stratum as there can be. */
async function pickStratified(columnar: Columnar, where: SpanWhere, pick: Extract<Pick, { kind: "stratified" }>) {
  const strata = strataOf(pick.by);
  const params = { ...where.params, ...strata.params, seed: pick.seed, size: pick.size };
  const [found] = await columnar.select({
    sql: `SELECT uniqExact(${strata.sql}) AS count FROM spans ${where.clause} ${where.sql}`,
    params,
    row: Count,
  });
  const each = Math.max(1, Math.ceil(pick.size / Math.max(1, found?.count ?? 1)));
  return columnar.select({
    sql: `SELECT trace_id, span_id FROM (
        SELECT trace_id, span_id, row_number() OVER (PARTITION BY ${strata.sql} ORDER BY ${RANDOM}) AS place
        FROM spans ${where.clause} ${where.sql})
      WHERE place <= {each:UInt64} ORDER BY place, ${RANDOM} LIMIT {size:UInt64}`,
    params: { ...params, each },
    row: KeyRow,
  });
}

/** Every trace has the same chance, however many of its spans match. */
const pickOnePerTrace = (columnar: Columnar, where: SpanWhere, { seed, size }: { seed: number; size: number }) =>
  columnar.select({
    sql: `SELECT trace_id, span_id FROM spans ${where.clause} ${where.sql}
      ORDER BY cityHash64(trace_id, {seed:UInt64}), ${RANDOM} LIMIT 1 BY trace_id LIMIT {size:UInt64}`,
    params: { ...where.params, seed, size },
    row: KeyRow,
  });

/** Spans with the lowest values of a score, their own or their trace's. */
function pickHardest(
  columnar: Columnar,
  where: SpanWhere,
  { projectId, score, size }: Extract<Pick, { kind: "hardest" }> & { projectId: string },
) {
  const matching = `(SELECT trace_id, span_id FROM spans ${where.clause} ${where.sql}) AS matching`;
  const judged = (keys: string, condition: string) =>
    `(SELECT ${keys}, min(value) AS worst FROM ${scoresOf({ where: "name = {score:String}" })}
      WHERE isNotNull(value) AND ${condition} GROUP BY ${keys}) AS judged USING (${keys})`;
  return columnar.select({
    sql: `SELECT trace_id, span_id FROM (
        SELECT trace_id, span_id, worst FROM ${matching} INNER JOIN ${judged("trace_id, span_id", "span_id != ''")}
        UNION ALL
        SELECT trace_id, span_id, worst FROM ${matching} INNER JOIN ${judged("trace_id", "span_id = ''")})
      GROUP BY trace_id, span_id ORDER BY min(worst), trace_id, span_id LIMIT {size:UInt64}`,
    params: { ...where.params, projectId, score, size },
    row: KeyRow,
  });
}

/** Selected spans that are stored elsewhere, such as in a dataset. */
export function createPickedStore(columnar: Columnar) {
  const toKeys = (rows: readonly z.infer<typeof KeyRow>[]): SpanKey[] =>
    rows.map((row) => ({ traceId: row.trace_id, spanId: row.span_id }));

  return {
    /** The keys of the spans that are wanted. A random pick takes the same spans for the same seed. */
    async pick(projectId: string, filter: SpanFilter, pick: Pick): Promise<SpanKey[]> {
      const where = whereSpans(projectId, filter);
      if (pick.kind === "stratified") return toKeys(await pickStratified(columnar, where, pick));
      const from = `FROM spans ${where.clause} ${where.sql}`;
      if (pick.kind === "hardest") return toKeys(await pickHardest(columnar, where, { ...pick, projectId }));
      if (pick.kind === "one-per-trace") return toKeys(await pickOnePerTrace(columnar, where, pick));
      const order = pick.kind === "newest" ? "start_time DESC, trace_id, span_id" : RANDOM;
      const share = pick.share ?? 1;
      const params = { ...where.params, share, size: pick.size, ...(pick.kind === "random" && { seed: pick.seed }) };
      return toKeys(
        await columnar.select({
          sql: `SELECT trace_id, span_id ${from} AND ${IN_SHARE} ORDER BY ${order} LIMIT {size:UInt64}`,
          params,
          row: KeyRow,
        }),
      );
    },

    /** How many spans match, counted up to 100,000. */
    async count(projectId: string, filter: SpanFilter): Promise<number> {
      const where = whereSpans(projectId, filter);
      const [row] = await columnar.select({
        sql: `SELECT count() AS count FROM (SELECT 1 FROM spans ${where.clause} ${where.sql} LIMIT ${MOST_COUNTED})`,
        params: where.params,
        row: Count,
      });
      return row?.count ?? 0;
    },

    /** Whole spans in the order of their keys, a few hundred at a time. Deleted spans are left out. */
    async *read(
      projectId: string,
      keys: readonly SpanKey[],
    ): AsyncGenerator<{ span: Span; scores: Score[] }, void, void> {
      for (let at = 0; at < keys.length; at += BATCH) {
        const batch = keys.slice(at, at + BATCH);
        const params = {
          projectId,
          traceIds: [...new Set(batch.map(({ traceId }) => traceId))],
          spanIds: batch.map(({ spanId }) => spanId),
        };
        const isOne = "project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}";
        const spans = await columnar.select({
          sql: `SELECT ${FULL} FROM spans WHERE ${isOne} AND span_id IN {spanIds:Array(String)}`,
          params,
          row: FullRow,
        });
        const scores = await columnar.select({
          sql: `SELECT trace_id, span_id, name, value, label, comment, source, toString(time) AS at
            FROM ${scoresOf({ where: "trace_id IN {traceIds:Array(String)}" })} ORDER BY time`,
          params,
          row: ScoreRow,
        });
        const byKey = new Map(spans.map((row) => [`${row.trace_id} ${row.span_id}`, toSpan(row)]));
        for (const { traceId, spanId } of batch) {
          const span = byKey.get(`${traceId} ${spanId}`);
          const isOwn = (row: z.infer<typeof ScoreRow>) =>
            row.trace_id === traceId && (row.span_id === spanId || row.span_id === "");
          if (span) yield { span, scores: scores.filter(isOwn).map(toScore) };
        }
      }
    },
  };
}

const toScore = ({ trace_id: traceId, span_id: spanId, at: time, ...score }: z.infer<typeof ScoreRow>): Score => ({
  traceId,
  spanId,
  time,
  ...score,
});
