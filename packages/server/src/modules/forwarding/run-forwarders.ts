import type { Span } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Outbound } from "../../platform/outbound/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { NotNowError, sendSpans } from "./send-spans.ts";
import { createForwarderStore, type ForwarderRow } from "./store.ts";

/** Where a reader of received spans stands. */
export type Place = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };
type Received = { readonly spans: readonly Span[]; readonly end: Place | null };
export type ReceivedReader = {
  listReceived(projectId: string, query: { after: Place; filter: string; limit: number }): Promise<Received>;
};

type Deps = {
  readonly db: Postgres;
  readonly traces: ReceivedReader;
  readonly outbound: Outbound;
  readonly headersOf: (row: ForwarderRow) => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
};

const TICK_MS = 2_000;
const LEASE_MS = 120_000;
const BATCH_SPANS = 200;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;

/** Sends on, every few seconds, what has been received since; a receiver that is away is tried again with growing pauses. */
export function createForwarderRunner({ db, traces, outbound, headersOf, clock, log }: Deps) {
  const store = createForwarderStore(db);
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function runOne(due: ForwarderRow): Promise<void> {
    const now = clock.now();
    let row = await store.lease(due, { now: new Date(now), until: new Date(now + LEASE_MS) });
    try {
      while (row && !isClosed) row = await sendNext(row);
    } catch (error) {
      if (row) await noteFailure(row, error);
    }
  }

  /** The forwarder as it is after the next batch; undefined when there is nothing more to send now. */
  async function sendNext(row: ForwarderRow): Promise<ForwarderRow | undefined> {
    const { spans, end } = await traces.listReceived(row.projectId, {
      after: { receivedMs: row.afterMs, traceId: row.afterTraceId, spanId: row.afterSpanId },
      filter: row.filter,
      limit: BATCH_SPANS,
    });
    if (end === null) {
      await store.note(row, { leasedUntil: null, nextTryAt: null });
      return undefined;
    }
    const target = { url: row.url, headers: headersOf(row), includesContent: row.includesContent };
    const { taken, refused, message } =
      spans.length > 0 ? await sendSpans(outbound, target, spans) : { taken: 0, refused: 0, message: "" };
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
      leasedUntil: new Date(now + LEASE_MS),
    };
    return (await store.note(row, changes)) ? { ...row, ...changes } : undefined;
  }

  async function noteFailure(row: ForwarderRow, error: unknown): Promise<void> {
    if (!(error instanceof NotNowError)) log.error({ error, forwarderId: row.id }, "spans could not be sent on");
    const failures = row.failures + 1;
    const asked = error instanceof NotNowError ? error.waitMs : 0;
    const waitMs = Math.max(asked, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10)));
    await store.note(row, {
      failures,
      lastError: error instanceof NotNowError ? error.message : "Something broke on our side.",
      nextTryAt: new Date(clock.now() + waitMs),
      leasedUntil: null,
    });
  }

  async function runAll(): Promise<void> {
    for (const due of await store.listDue(new Date(clock.now()))) if (!isClosed) await runOne(due);
  }
  const tick = () => {
    running = runAll()
      .catch((error: unknown) => log.error({ error }, "forwarders could not be run"))
      .finally(() => {
        if (!isClosed) timer = setTimeout(tick, TICK_MS).unref();
      });
  };

  return {
    start: tick,
    /** One round, for whoever cannot wait for the next. */
    runNow: runAll,
    async close(): Promise<void> {
      isClosed = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
