import { type Score, SPAN_KINDS, SPAN_STATUSES, type SpanContent, type TraceOutline } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../platform/columnar/port.ts";
import { MODEL } from "./filter-store.ts";
import { fromMicros } from "./micros.ts";
import { FullRow, fromJson, toSpan } from "./read-span.ts";
import { FULL } from "./store.ts";

const MAX_OUTLINE_SPANS = 50_000;
const MAX_SCORES = 1_000;
const MAX_CONTENTS = 1_000;

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
const ContentRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  name: z.string(),
  body: z.string(),
  attributes: z.string(),
  micros: z.coerce.number(),
});

const OF_TRACE = "project_id = {projectId:String} AND trace_id = {traceId:String}";
const MICROS = "toString(toUnixTimestamp64Micro(time)) AS micros";

/** What is read of one trace: its outline, and one span with all that belongs to it. */
export function createDetailStore(columnar: Columnar) {
  return {
    /** Null when the trace has no spans. */
    async readOutline(projectId: string, traceId: string): Promise<TraceOutline | null> {
      const columns = Object.entries(OUTLINE);
      // Numbered names: an alias that is also a column's name would be taken for the column.
      const inner = columns.map(([, [sql]], index) => `${sql} AS column${index}`).join(", ");
      // Within a tuple, since a plain list leaves out what is null, and the columns would no longer be of one length.
      const outer = columns
        .map(([name], index) => `tupleElement(groupArray(tuple(column${index})), 1) AS ${name}`)
        .join(", ");
      const [row] = await columnar.select({
        sql: `SELECT ${outer} FROM (SELECT ${inner} FROM spans WHERE ${OF_TRACE}
          ORDER BY start_time, span_id LIMIT 1 BY span_id LIMIT ${MAX_OUTLINE_SPANS + 1})`,
        params: { projectId, traceId },
        row: OutlineRow,
      });
      const [first] = row?.startMs ?? [];
      return row && first !== undefined ? toOutline(traceId, row, first) : null;
    },
    async findSpan(projectId: string, { traceId, spanId }: { traceId: string; spanId: string }) {
      const [row] = await columnar.select({
        sql: `SELECT ${FULL} FROM spans WHERE ${OF_TRACE} AND span_id = {spanId:String} ORDER BY start_time LIMIT 1`,
        params: { projectId, traceId, spanId },
        row: FullRow,
      });
      return row ? toSpan(row) : null;
    },
    /** The scores of a trace and of its spans, oldest first. */
    async listScores(projectId: string, traceId: string): Promise<Score[]> {
      const rows = await columnar.select({
        sql: `SELECT trace_id, span_id, name, value, label, comment, source, ${MICROS} FROM scores WHERE ${OF_TRACE}
          ORDER BY time, name LIMIT 1 BY span_id, name, source, time LIMIT ${MAX_SCORES}`,
        params: { projectId, traceId },
        row: ScoreRow,
      });
      return rows.map(({ trace_id: ofTrace, span_id: spanId, micros, ...rest }) => ({
        traceId: ofTrace,
        spanId,
        ...rest,
        time: fromMicros(micros),
      }));
    },
    /** What logs said of the spans of a trace, by the span's id, in the order it was said. */
    async listContents(projectId: string, traceId: string) {
      return group(await readContents(columnar, projectId, [traceId]), ({ spanId }) => spanId);
    },
    /** The same of the traces of a page, by the ids of trace and span, and by that of the trace alone. */
    async listContentsOfPage(projectId: string, traceIds: readonly string[]) {
      const said = traceIds.length > 0 ? await readContents(columnar, projectId, [...new Set(traceIds)]) : [];
      return {
        bySpan: group(said, ({ traceId, spanId }) => `${traceId} ${spanId}`),
        byTrace: group(said, ({ traceId }) => traceId),
      };
    },
  };
}

type Said = { readonly traceId: string; readonly spanId: string; readonly content: SpanContent };

async function readContents(columnar: Columnar, projectId: string, traceIds: readonly string[]): Promise<Said[]> {
  const rows = await columnar.select({
    sql: `SELECT trace_id, span_id, name, body, attributes, ${MICROS} FROM span_contents
      WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}
      ORDER BY time LIMIT 1 BY trace_id, span_id, name, time, body, attributes LIMIT ${MAX_CONTENTS}`,
    params: { projectId, traceIds },
    row: ContentRow,
  });
  return rows.map(({ trace_id: traceId, span_id: spanId, name, body, attributes, micros }) => ({
    traceId,
    spanId,
    content: {
      name,
      time: fromMicros(micros),
      body: fromJson(body),
      attributes: z.record(z.string(), z.unknown()).parse(fromJson(attributes) ?? {}),
    },
  }));
}

function group(said: readonly Said[], keyOf: (each: Said) => string): ReadonlyMap<string, SpanContent[]> {
  const groups = new Map<string, SpanContent[]>();
  for (const each of said) {
    const list = groups.get(keyOf(each));
    if (list) list.push(each.content);
    else groups.set(keyOf(each), [each.content]);
  }
  return groups;
}

function toOutline(traceId: string, row: z.infer<typeof OutlineRow>, startMicros: number): TraceOutline {
  const isCut = row.spanId.length > MAX_OUTLINE_SPANS;
  if (isCut) for (const column of Object.values(row)) column.length = MAX_OUTLINE_SPANS;
  const startMs = row.startMs.map((micros) => (micros - startMicros) / 1_000);
  return { traceId, startTime: fromMicros(startMicros), isCut, columns: { ...row, startMs } };
}
