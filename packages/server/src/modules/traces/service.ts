import type { Span, SpanFilter } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError, notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import type { Spool } from "../../platform/spool/port.ts";
import { createLiveSpans } from "./live-spans.ts";
import { createPickedStore } from "./picked-store.ts";
import { createTraceReads } from "./reads.ts";
import { createReceivedStore, type Place } from "./received-store.ts";
import { createRetentionStore } from "./retention-store.ts";
import { toRow, toStored } from "./span-row.ts";
import { createTraceStepsStore } from "./trace-steps-store.ts";

type Deps = { readonly columnar: Columnar; readonly spool: Spool; readonly clock: Clock };

const TABLE = "spans";
/** From the moment a span is received until the spool knows of it. */
const SETTLE_MS = 2_000;
const DAY_MS = 86_400_000;
/** One partition a month: a batch whose spans lay further apart would make more of them than the store takes at once. */
const OLDEST_MS = 5 * 366 * DAY_MS;
const AHEAD_MS = DAY_MS;
const MOST_DELETED = 100_000;

/** Spans: recorded into the spool, read from the columnar store. What was recorded can be read about a second later. */
export function createTraces({ columnar, spool, clock }: Deps) {
  const reads = createTraceReads(columnar);
  const received = createReceivedStore(columnar);
  const retention = createRetentionStore(columnar);
  const live = createLiveSpans();
  const deleted = new Set<string>();

  /** The row, made at once only for those who watch; otherwise when the spool encodes it, off the path of the request. */
  function prepare(projectId: string, span: Span, isSample = false): object {
    if (!live.isWatched(projectId)) return { toJSON: () => toStored(toRow(projectId, span, isSample)) };
    const row = toRow(projectId, span, isSample);
    live.publish(projectId, row, span.startTime);
    return toStored(row);
  }

  return {
    /** Keeps a span of a call that was answered already: never waits, never throws, and counts what cannot be kept. The span must not be changed afterwards. */
    record(scope: Scope, span: Span): void {
      spool.push(TABLE, prepare(scope.projectId, span));
    },
    /** Resolves once the spans are on disk, with their number. */
    async ingest(scope: Scope, spans: readonly Span[]): Promise<number> {
      for (const [index, span] of spans.entries()) checkStart(span, index, clock.now());
      await spool.append(
        TABLE,
        spans.map((span) => ({ toJSON: () => toStored(toRow(scope.projectId, span, false)) })),
      );
      if (live.isWatched(scope.projectId))
        for (const span of spans) live.publish(scope.projectId, toRow(scope.projectId, span, false), span.startTime);
      return spans.length;
    },
    /** Keeps spans that Treadle made up for the demo project; each says so. */
    async saveSamples(projectId: string, samples: readonly Span[]): Promise<void> {
      await spool.append(
        TABLE,
        samples.map((span) => ({ toJSON: () => toStored(toRow(projectId, span, true)) })),
      );
    },
    ...reads,
    /** Spans that are taken out to be kept elsewhere. */
    picked: createPickedStore(columnar),
    /** What led to an answer: the other spans of its trace. */
    steps: createTraceStepsStore(columnar),
    /** What has come since a place and is all there, for those who follow: nothing received before its end can still appear. */
    listReceived(projectId: string, query: { after: Place; filter: string; limit: number; share?: number }) {
      const waitingMs = (spool.status().oldestPendingSeconds ?? 0) * 1_000;
      return received.listReceived(projectId, { ...query, beforeMs: clock.now() - SETTLE_MS - waitingMs });
    },
    /** Where those who take spans in by themselves tell of them. */
    live,
    /** Deletes a trace for good, with its scores, its logs and the feedback on it. */
    async deleteTrace({ projectId }: Scope, traceId: string): Promise<void> {
      await spool.flush();
      if (!(await retention.deleteTrace(projectId, traceId))) throw notFound("trace", traceId);
      if (deleted.size >= MOST_DELETED) deleted.clear();
      deleted.add(`${projectId} ${traceId}`);
    },
    /** Whether this server has deleted a trace lately; the store knows of all. */
    isDeleted: (projectId: string, traceId: string) => deleted.size > 0 && deleted.has(`${projectId} ${traceId}`),
    /** For what keeps a project's traces only so long. */
    deleteOlderThan: retention.deleteOlderThan,
    watch: (scope: Scope, filter: SpanFilter, signal: AbortSignal) => live.watch(scope.projectId, filter, signal),
    /** Batches of all projects: who may read the system may see them. */
    async listRefused(_scope: Scope) {
      return { items: await spool.listRefused() };
    },
    replay: (_scope: Scope, batchId: string) => spool.replayRefused(batchId),
    async deleteRefused(_scope: Scope, batchId: string) {
      await spool.deleteRefused(batchId);
      return { ok: true as const };
    },
  };
}
export type Traces = ReturnType<typeof createTraces>;

function checkStart({ startTime }: Span, index: number, now: number): void {
  const start = Date.parse(startTime);
  if (start >= now - OLDEST_MS && start <= now + AHEAD_MS) return;
  const field = `spans.${index}.startTime`;
  throw new AppError("invalid_request", {
    message: `\`${field}\` is ${startTime}: it must lie within the last five years and not more than a day ahead.`,
    details: { field },
  });
}
