import type { Span, SpanFilter } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { cutPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Spool } from "../../../platform/spool/port.ts";
import type { Privacy } from "../redaction/index.ts";
import { hideProbes } from "./filter/hide-probes.ts";
import type { OwnSpans } from "./otlp/own-spans.ts";
import { createLiveSpans } from "./reads/live-spans.ts";
import { createPickedStore } from "./reads/picked-store.ts";
import { createTraceReads } from "./reads/reads.ts";
import { createReceivedStore, type Place } from "./reads/received-store.ts";
import { createTraceStepsStore } from "./reads/trace-steps-store.ts";
import { createRetentionStore } from "./retention-store.ts";
import { createIngestOnce } from "./rows/ingest-once.ts";
import { SPANS_TABLE, toRow, toStored } from "./rows/span-row.ts";

export type TracesDeps = {
  readonly columnar: Columnar;
  readonly spool: Spool;
  readonly privacy: Privacy;
  /** Redacts and stores spans. It needs what is opened here, so it comes later. */
  readonly ownSpans: () => OwnSpans;
  readonly clock: Clock;
};

/** From the moment a span is received until the spool knows of it. */
const SETTLE_MS = 2_000;
/** One partition a month: a batch whose spans lay further apart would make more of them than the store takes at once. */
const OLDEST_MS = 5 * 366 * DAY_MS;
const AHEAD_MS = DAY_MS;
const MOST_DELETED = 100_000;

/** Spans: recorded into the spool, read from the columnar store. What was recorded can be read about a second later. */
export function createTraces({ columnar, spool, privacy, ownSpans, clock }: TracesDeps) {
  const reads = createTraceReads(columnar);
  const received = createReceivedStore(columnar);
  const retention = createRetentionStore(columnar);
  const live = createLiveSpans();
  const ingestOnce = createIngestOnce({ append, clock });
  const deleted = new Set<string>();

  async function append(projectId: string, spans: readonly Span[]): Promise<void> {
    const rules = privacy.rulesOf(projectId);
    if (rules) return ownSpans().store(projectId, spans, rules);
    await spool.append(
      SPANS_TABLE,
      spans.map((span) => ({ toJSON: () => toStored(toRow(projectId, span, false)) })),
    );
    if (live.isWatched(projectId))
      for (const span of spans) live.publish(projectId, toRow(projectId, span, false), span.startTime);
  }

  /** Everything that was received before this time, in milliseconds, can be read. */
  function completeTo(): number {
    const waitingMs = (spool.status().oldestPendingSeconds ?? 0) * 1_000;
    return clock.now() - SETTLE_MS - waitingMs;
  }

  return {
    /** Resolves once the spans are on disk, with their number. One that came before is stored once. */
    async ingest(scope: Scope, spans: readonly Span[]): Promise<number> {
      for (const [index, span] of spans.entries()) checkStart(span, index, clock.now());
      await ingestOnce(scope.projectId, spans);
      return spans.length;
    },
    /** Stores spans that Treadle generated for the demo project. Each is marked. */
    async saveSamples(projectId: string, samples: readonly Span[]): Promise<void> {
      await spool.append(
        SPANS_TABLE,
        samples.map((span) => ({ toJSON: () => toStored(toRow(projectId, span, true)) })),
      );
    },
    ...reads,
    /** Selected spans that are stored elsewhere. */
    picked: createPickedStore(columnar),
    /** The context of an answer: the other spans of its trace. */
    steps: createTraceStepsStore(columnar),
    /** Complete new spans after a position, for followers: no earlier span can still appear. */
    listReceived(projectId: string, query: { after: Place; filter: string; limit: number; share?: number }) {
      return received.listReceived(projectId, { ...query, beforeMs: completeTo() });
    },
    completeTo,
    /** Notifications from modules that store spans themselves. */
    live,
    /** Deletes a trace for good, with its scores, its logs and the feedback on it. */
    async deleteTrace({ projectId }: Scope, traceId: string): Promise<void> {
      await ownSpans().settle();
      await spool.flush();
      if (!(await retention.deleteTrace(projectId, traceId))) throw notFound("trace", traceId);
      if (deleted.size >= MOST_DELETED) deleted.clear();
      deleted.add(`${projectId} ${traceId}`);
    },
    /** Whether this server deleted a trace recently. The store knows all deleted traces. */
    isDeleted: (projectId: string, traceId: string) => deleted.size > 0 && deleted.has(`${projectId} ${traceId}`),
    /** For the retention of a project's traces. */
    deleteOlderThan: retention.deleteOlderThan,
    watch: (scope: Scope, filter: SpanFilter, signal: AbortSignal) =>
      live.watch(scope.projectId, hideProbes(filter), signal),
    /** Batches of all projects: who may read the system may see them. */
    async listRefused(_scope: Scope, page: { limit: number; cursor?: string }) {
      const batches = (await spool.listRefused()).map(({ id, ...batch }) => ({ batchId: id, ...batch }));
      return cutPage(batches, page, ({ firstFailedAt, batchId }) => [firstFailedAt, batchId]);
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
    message: `\`${field}\` is ${startTime}. It must be within the last five years and at most one day in the future.`,
    details: { field },
  });
}
