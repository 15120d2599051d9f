import type { Span, SpanSummary } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { FullRow, toSpan } from "../rows/read-span.ts";
import { FULL } from "./store.ts";

/** Where a span hangs in its trace, and when it was: milliseconds since 1970, with fractions. */
export type TraceStep = Pick<SpanSummary, "traceId" | "spanId" | "parentSpanId" | "durationMs"> & {
  readonly startMs: number;
  readonly receivedMs: number;
};

const MOST_STEPS = 5_000;
const MOST_WHOLE = 200;
const StepRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  duration_ms: z.number(),
  start_ms: z.number(),
  received_ms: z.coerce.number(),
});
const OF_TRACES = "project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}";

/** Whole traces, for code that needs an answer with its context. */
export const createTraceStepsStore = (columnar: Pick<Columnar, "select">) => ({
  /** How the spans of some traces hang together, in the order in which they began; of each trace the first 5,000. */
  async list(projectId: string, traceIds: readonly string[]): Promise<TraceStep[]> {
    const rows = await columnar.select({
      sql: `SELECT trace_id, span_id, parent_span_id, duration_ms, toUnixTimestamp64Micro(start_time) / 1000 AS start_ms,
          toString(toUnixTimestamp64Milli(received_at)) AS received_ms
        FROM spans WHERE ${OF_TRACES} ORDER BY start_time, span_id LIMIT ${MOST_STEPS} BY trace_id`,
      params: { projectId, traceIds },
      row: StepRow,
    });
    return rows.map((row) => ({
      traceId: row.trace_id,
      spanId: row.span_id,
      parentSpanId: row.parent_span_id,
      durationMs: row.duration_ms,
      startMs: row.start_ms,
      receivedMs: row.received_ms,
    }));
  },

  /** The spans of some kinds with all that they hold, in the order in which they began; of each trace the first 200. */
  async listWhole(projectId: string, traceIds: readonly string[], kinds: readonly Span["kind"][]): Promise<Span[]> {
    const rows = await columnar.select({
      sql: `SELECT ${FULL} FROM spans WHERE ${OF_TRACES} AND kind IN {kinds:Array(String)}
        ORDER BY start_time, span_id LIMIT ${MOST_WHOLE} BY trace_id`,
      params: { projectId, traceIds, kinds },
      row: FullRow,
    });
    return rows.map(toSpan);
  },
});
