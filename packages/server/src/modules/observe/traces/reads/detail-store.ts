import { type Score, SPAN_KINDS, SPAN_STATUSES, type TraceOutline } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { MODEL } from "../filter/filter-sql.ts";
import { scoresOf } from "../filter/judgement-sql.ts";
import { fromMicros } from "../rows/micros.ts";
import { FullRow, toSpan } from "../rows/read-span.ts";
import { FULL } from "./store.ts";
import { FEW, findEnd, findExtent, OF_TRACE } from "./trace-spans-store.ts";

const MAX_OUTLINE_SPANS = 50_000;
const MAX_SCORES = 1_000;

/** The outline's columns and how each is computed. */
const OUTLINE = {
  spanId: ["span_id", z.string()],
  parentSpanId: ["parent_span_id", z.string()],
  startMs: ["toUnixTimestamp64Micro(start_time)", z.coerce.number()],
  durationMs: ["duration_ms", z.number()],
  timeToFirstTokenMs: ["ttft_ms", z.number().nullable()],
  name: ["name", z.string()],
  kind: ["kind", z.enum(SPAN_KINDS)],
  status: ["status", z.enum(SPAN_STATUSES)],
  errorType: ["error_type", z.string()],
  service: ["service", z.string()],
  provider: ["provider", z.string()],
  model: [MODEL, z.string()],
  inputTokens: ["input_tokens", z.number()],
  outputTokens: ["output_tokens", z.number()],
  cachedInputTokens: ["cached_input_tokens", z.number()],
  reasoningTokens: ["reasoning_tokens", z.number()],
  costUsd: ["cost_usd", z.number().nullable()],
} as const satisfies Record<keyof TraceOutline["columns"], readonly [string, z.ZodType]>;

const list = <Item extends z.ZodType>([, item]: readonly [string, Item]) => z.array(item);
/** One row for the whole trace, so that the engine writes each column's name once. */
const OutlineRow = z.object({
  spanId: list(OUTLINE.spanId),
  parentSpanId: list(OUTLINE.parentSpanId),
  startMs: list(OUTLINE.startMs),
  durationMs: list(OUTLINE.durationMs),
  timeToFirstTokenMs: list(OUTLINE.timeToFirstTokenMs),
  name: list(OUTLINE.name),
  kind: list(OUTLINE.kind),
  status: list(OUTLINE.status),
  errorType: list(OUTLINE.errorType),
  service: list(OUTLINE.service),
  provider: list(OUTLINE.provider),
  model: list(OUTLINE.model),
  inputTokens: list(OUTLINE.inputTokens),
  outputTokens: list(OUTLINE.outputTokens),
  cachedInputTokens: list(OUTLINE.cachedInputTokens),
  reasoningTokens: list(OUTLINE.reasoningTokens),
  costUsd: list(OUTLINE.costUsd),
});

type OutlineColumns = z.infer<typeof OutlineRow>;

/** A few rows in columns. A span that was sent twice is given once. */
function toColumns(rows: readonly Readonly<Record<string, unknown>>[]): OutlineColumns {
  const parents = new Set<unknown>();
  const once = rows.filter(({ spanId }) => !parents.has(spanId) && parents.add(spanId));
  return OutlineRow.parse(Object.fromEntries(Object.keys(OUTLINE).map((name) => [name, once.map((row) => row[name])])));
}

const ScoreRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  name: z.string(),
  value: z.number().nullable(),
  label: z.string(),
  comment: z.string(),
  source: z.string(),
  micros: z.coerce.number(),
});
const MICROS = "toString(toUnixTimestamp64Micro(time)) AS micros";

/** Queries for one trace: its outline, and one span with all its data. */
export function createDetailStore(columnar: Columnar) {
  return {
    /** Null when the trace has no spans. */
    async readOutline(projectId: string, traceId: string): Promise<TraceOutline | null> {
      const columns = Object.entries(OUTLINE);
      const ids = { projectId, traceId };
      const first = await columnar.select({
        sql: `SELECT ${columns.map(([name, [sql]]) => `${sql} AS ${name}`).join(", ")}
          FROM (SELECT * FROM spans WHERE ${OF_TRACE} LIMIT ${FEW + 1}) ORDER BY start_time, span_id`,
        params: ids,
        row: z.record(z.string(), z.unknown()),
      });
      if (first.length === 0) return null;
      // Numbered names: an alias that is also a column's name would be taken for the column.
      const inner = columns.map(([, [sql]], index) => `${sql} AS column${index}`).join(", ");
      // Within a tuple, since a plain list leaves out what is null, and the columns would no longer be of one length.
      const outer = columns
        .map(([name], index) => `tupleElement(groupArray(tuple(column${index})), 1) AS ${name}`)
        .join(", ");
      const read = async (where: string, params: Readonly<Record<string, string>>) => {
        const [row] = await columnar.select({
          sql: `SELECT ${outer} FROM (SELECT ${inner} FROM spans WHERE ${OF_TRACE} ${where} ORDER BY start_time, span_id LIMIT 1 BY span_id)`,
          params: { ...ids, ...params },
          row: OutlineRow,
        });
        return row ?? null;
      };
      const few = first.length <= FEW ? toColumns(first) : null;
      const extent = few ? null : await findExtent(columnar, { ...ids, withBytes: false });
      const isCut = extent !== null && extent.rows > MAX_OUTLINE_SPANS;
      const end = isCut ? await findEnd(columnar, { ...ids, most: MAX_OUTLINE_SPANS }) : null;
      const { sql, params } = extent?.within ?? { sql: "", params: {} };
      const row = few ?? (extent && (await read(`${sql} ${end?.sql ?? ""}`, { ...params, ...end?.params })));
      const [startMicros] = row?.startMs ?? [];
      if (!row || startMicros === undefined) return null;
      const startMs = row.startMs.map((micros) => (micros - startMicros) / 1_000);
      const startTime = fromMicros(startMicros);
      return { traceId, startTime, isCut, columns: { ...row, startMs } };
    },
    async findSpan(projectId: string, { traceId, spanId }: { traceId: string; spanId: string }) {
      const [row] = await columnar.select({
        sql: `SELECT ${FULL} FROM spans WHERE ${OF_TRACE} AND span_id = {spanId:String} ORDER BY start_time LIMIT 1`,
        params: { projectId, traceId, spanId },
        row: FullRow,
      });
      return row ? toSpan(row) : null;
    },
    /** The scores of a span and of its whole trace, oldest first. */
    async listScores(projectId: string, ids: { traceId: string; spanId: string }): Promise<Score[]> {
      const rows = await columnar.select({
        sql: `SELECT trace_id, span_id, name, value, label, comment, source, ${MICROS}
          FROM ${scoresOf({ where: "trace_id = {traceId:String} AND span_id IN ('', {spanId:String})" })}
          ORDER BY time, name LIMIT 1 BY span_id, name, source, time LIMIT ${MAX_SCORES}`,
        params: { projectId, ...ids },
        row: ScoreRow,
      });
      return rows.map(({ trace_id: traceId, span_id: spanId, micros, ...rest }) => ({
        traceId,
        spanId,
        ...rest,
        time: fromMicros(micros),
      }));
    },
  };
}
