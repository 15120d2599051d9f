import type { ModelPrice, Span } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Metrics } from "../../../../platform/metrics/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Spool } from "../../../../platform/spool/port.ts";
import type { Privacy } from "../../redaction/index.ts";
import type { LiveSpans } from "../reads/live-spans.ts";
import type { TraceReads } from "../reads/reads.ts";
import { createAcknowledger } from "./acknowledge.ts";
import type { SetAside } from "./digest/aside-objects.ts";
import type { Signal } from "./digest/decode-request.ts";
import { createDigestThreads } from "./digest/digest-threads.ts";
import type { WholeDigest } from "./digest/merge-digests.ts";
import type { Outcome } from "./encode-reply.ts";
import { createMeters } from "./meters.ts";
import { createObjectOpener } from "./open-object.ts";
import { createOwnSpans } from "./own-spans.ts";

export type OtlpDeps = {
  readonly spool: Pick<Spool, "appendLines">;
  readonly objects: Pick<Objects, "has" | "put" | "get">;
  readonly prices: { ownPrices(projectId: string): readonly ModelPrice[] };
  readonly traces: Pick<TraceReads, "getSpan"> & { readonly live: LiveSpans };
  readonly privacy: Privacy;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** So long after a call another is to be expected. */
const CALLS_MS = 1_000;

export type Export = { readonly signal: Signal; readonly isProtobuf: boolean; readonly bytes: Uint8Array };

/** Takes what OpenTelemetry's exporters send. */
export function createOtlp({ spool, objects, prices, traces, privacy, clock, log, metrics }: OtlpDeps) {
  const { live, getSpan } = traces;
  let calledAt = Number.NEGATIVE_INFINITY;
  const threads = createDigestThreads({ log, areOthersAnswered: () => clock.elapsed() - calledAt < CALLS_MS });
  const meters = createMeters(metrics, threads);
  const keeper = createAcknowledger({ keep, forget: threads.forget });
  const ownSpans = createOwnSpans({ threads, keep, live, clock });

  /** Content that is stored separately is on disk before a row names it. */
  async function keepObjects(asides: readonly SetAside[]): Promise<void> {
    for (const { sha256, bytes } of asides) if (!(await objects.has(sha256))) await objects.put(bytes);
  }

  async function keep(projectId: string, { encoded, objects: asides, watched }: WholeDigest): Promise<void> {
    await keepObjects(asides);
    await spool.appendLines(encoded);
    for (const { row, startTime } of watched) live.publish(projectId, row, startTime);
  }

  return {
    /**
     * Resolves once everything that can be stored is on disk. Throws `invalid_request` for invalid OTLP, and errors
     * that ask the sender to retry while there is no room. The bytes are transferred and must not be used afterwards.
     */
    async receive({ projectId }: Scope, { signal, isProtobuf, bytes }: Export): Promise<Outcome> {
      const size = bytes.byteLength;
      const isWatched = signal === "traces" && live.isWatched(projectId);
      const rules = privacy.rulesOf(projectId);
      const order = { signal, isProtobuf, bytes, projectId, isWatched, now: clock.now(), privacy: rules };
      const stand = keeper.stand();
      const digest = await threads.digest({ ...order, prices: prices.ownPrices(projectId) });
      await keeper.keep(projectId, digest, stand);
      meters.count(signal, { ...digest, bytes: size });
      return { rejected: digest.rejected, message: digest.message };
    },
    /** A call that was recorded here. A caller's span around it may be sent with it, and count the same tokens. */
    noteCall({ projectId }: Scope, { traceId, parentSpanId, inputTokens, outputTokens }: Span): void {
      calledAt = clock.elapsed();
      if (parentSpanId === "" || inputTokens + outputTokens === 0) return;
      threads.note({ projectId, traceId, parentSpanId, inputTokens, outputTokens });
    },
    /** Spans of the contract whose project has rules. */
    ownSpans,
    /** Content that was set aside, for those who may see the span it belongs to. */
    openObject: createObjectOpener({ getSpan, objects }),
    async close(): Promise<void> {
      await ownSpans.settle();
      await threads.close();
    },
  };
}
export type Otlp = ReturnType<typeof createOtlp>;
