import type { Span } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobKind, Jobs } from "../../../platform/jobs/port.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { NotNowError, sendSpans } from "./send-spans.ts";
import { createForwarderStore, type ForwarderRow } from "./store.ts";

/** The position of a reader in the received spans. */
export type Place = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };
type Received = { readonly spans: readonly Span[]; readonly end: Place | null };
export type ReceivedReader = {
  listReceived(projectId: string, query: { after: Place; filter: string; limit: number }): Promise<Received>;
};

type Deps = {
  readonly db: Postgres;
  readonly traces: ReceivedReader;
  readonly outbound: Outbound;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly headersOf: (row: ForwarderRow) => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
};

const KIND: JobKind<object, null> = { name: "forwarding", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 2;
const BATCH_SPANS = 200;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;
/** With the delays above, a forwarder is paused after about an hour of rejections. */
const MOST_REJECTIONS = 20;

/**
 * The job of a project that forwards its new spans every few seconds. Failed requests are retried with back-off. A forwarder whose receiver keeps rejecting
 * requests is paused. Its position is stored, so that no span is lost when a user starts it again.
 */
export function createForwarderJob({ db, traces, outbound, jobs, headersOf, clock, log }: Deps) {
  const store = createForwarderStore(db);
  /** Consecutive rejections by forwarder. Not stored: after a restart, counting starts again. */
  const rejections = new Map<string, number>();

  async function forward(due: ForwarderRow, signal: AbortSignal): Promise<void> {
    let row: ForwarderRow | undefined = due;
    try {
      while (row) {
        signal.throwIfAborted();
        row = await sendNext(row);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (row) await noteFailure(row, error);
    }
  }

  /** Sends the next batch and returns the changed forwarder; undefined when there is nothing more to send now. */
  async function sendNext(row: ForwarderRow): Promise<ForwarderRow | undefined> {
    const { spans, end } = await traces.listReceived(row.projectId, {
      after: { receivedMs: row.afterMs, traceId: row.afterTraceId, spanId: row.afterSpanId },
      filter: row.filter,
      limit: BATCH_SPANS,
    });
    if (end === null) {
      if (row.nextTryAt !== null) await store.note(row, { nextTryAt: null });
      return undefined;
    }
    const target = { url: row.url, headers: headersOf(row), includesContent: row.includesContent };
    const { taken, refused, message } =
      spans.length > 0 ? await sendSpans({ outbound, clock }, target, spans) : { taken: 0, refused: 0, message: "" };
    rejections.delete(row.id);
    const now = clock.now();
    const changes = {
      afterMs: end.receivedMs,
      afterTraceId: end.traceId,
      afterSpanId: end.spanId,
      sentSpans: row.sentSpans + taken,
      refusedSpans: row.refusedSpans + refused,
      ...(taken > 0 && { lastSentAt: new Date(now) }),
      lastError: message,
      failures: 0,
      nextTryAt: null,
    };
    return (await store.note(row, changes)) ? { ...row, ...changes } : undefined;
  }

  async function noteFailure(row: ForwarderRow, error: unknown): Promise<void> {
    if (!(error instanceof NotNowError)) log.error({ error, forwarderId: row.id }, "spans could not be forwarded");
    const rejected = error instanceof NotNowError && error.isRejection ? (rejections.get(row.id) ?? 0) + 1 : 0;
    rejections.set(row.id, rejected);
    if (rejected < MOST_REJECTIONS) {
      await store.note(row, retryLater(row, error, clock.now()));
      return;
    }
    rejections.delete(row.id);
    log.warn({ forwarderId: row.id }, "a forwarder was paused, because its receiver rejects all requests");
    await store.note(row, paused(error));
  }

  async function forwardDue({ projectId }: Pick<Scope, "projectId">, signal: AbortSignal): Promise<void> {
    for (const due of await store.listDue(projectId, new Date(clock.now()))) await forward(due, signal);
  }

  jobs.register(KIND, {
    async run({ scope, signal }) {
      await forwardDue(scope, signal);
      return null;
    },
  });

  return {
    forwardDue,
    /** Queues the job of the project, unless it is there. */
    follow: (scope: Scope, tx: Postgres) =>
      jobs.send(tx, scope, {
        kind: KIND,
        payload: {},
        title: "Forward new spans",
        key: "forwarding",
        everySeconds: EVERY_SECONDS,
      }),
  };
}

function retryLater({ failures: before }: ForwarderRow, error: unknown, now: number) {
  const failures = before + 1;
  const asked = error instanceof NotNowError ? error.waitMs : 0;
  const waitMs = Math.max(asked, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10)));
  return { failures, lastError: messageOf(error), nextTryAt: new Date(now + waitMs) };
}

const paused = (error: unknown) => ({
  isEnabled: false,
  failures: 0,
  lastError: `${messageOf(error)} Paused after ${MOST_REJECTIONS} rejected attempts. Correct the address or the headers, then start the forwarder again.`,
  nextTryAt: null,
});

const messageOf = (error: unknown) =>
  error instanceof NotNowError ? error.message : "The server failed to send the spans. Its log has the reason.";
