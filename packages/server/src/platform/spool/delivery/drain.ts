import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { Backlog, Place } from "../segments/backlog.ts";
import type { Journal } from "../segments/journal.ts";
import type { Segment } from "../segments/segment.ts";
import { backoffMs, pause } from "./backoff.ts";
import type { Delivery } from "./delivery.ts";
import type { BatchLimits } from "./read-batch.ts";

type Options = {
  readonly delivery: Delivery;
  readonly journal: Journal;
  readonly backlog: Backlog;
  /** A batch goes out when it is full or when its first row has waited `delayMs`. */
  readonly limits: BatchLimits & { readonly delayMs: number };
  readonly clock: Clock;
  readonly log: Log;
};

/** Decides when the next batch goes out, and waits longer and longer while the store is away. */
export function createDrain({ delivery, journal, backlog, limits, clock, log }: Options) {
  const stopping = new AbortController();
  const alarm = createAlarm();
  let flushes: { readonly target: Place; resolve(): void }[] = [];
  let failure: { readonly message: string; readonly since: number; readonly count: number } | null = null;
  let isClosing = false;

  function isDue(segment: Segment): boolean {
    if (isClosing || flushes.length > 0 || !journal.isGrowing(segment) || delivery.isBegun(segment)) return true;
    const isFull = segment.pendingRows >= limits.rows || delivery.pendingBytesIn(segment) >= limits.bytes;
    return isFull || (backlog.oldestMs() ?? 0) >= limits.delayMs;
  }

  async function step(): Promise<void> {
    await delivery.removeFinished();
    const segment = delivery.next();
    if (!segment || !isDue(segment)) {
      if (stopping.signal.aborted) return;
      const oldestMs = backlog.oldestMs();
      await alarm.wait(segment && oldestMs !== null ? Math.max(1, limits.delayMs - oldestMs) : null);
      return;
    }
    await delivery.deliverNext(segment);
    if (failure) log.info({ failures: failure.count }, "the store accepts the spool's rows again");
    failure = null;
    for (const flush of flushes) if (delivery.isDone(flush.target)) flush.resolve();
    flushes = flushes.filter((flush) => !delivery.isDone(flush.target));
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) await step().catch(backOff);
  }

  async function backOff(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return;
    const message = messageOf(error);
    failure = { message, since: failure?.since ?? clock.elapsed(), count: (failure?.count ?? 0) + 1 };
    const waitMs = Math.round(backoffMs(failure.count));
    log.warn({ error, failures: failure.count, waitMs }, "could not deliver rows of the spool; they stay on disk");
    await pause(waitMs, stopping.signal);
  }

  const running = run();
  return {
    /** Why delivery fails at present, and for how long it has. */
    failure: () =>
      failure ? { message: failure.message, seconds: Math.round((clock.elapsed() - failure.since) / 1_000) } : null,
    /** To be called when rows were appended or a segment ended. */
    wake: alarm.ring,
    /** Resolves when everything before `target` is delivered or refused. */
    async flush(target: Place): Promise<void> {
      if (delivery.isDone(target)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      flushes.push({ target, resolve });
      alarm.ring();
      await promise;
    },
    /** Continues delivery for at most `waitMs`, then stops. The rest stays on disk for the next start. */
    async close(waitMs: number): Promise<void> {
      isClosing = true;
      alarm.ring();
      const deadline = clock.elapsed() + waitMs;
      while (delivery.next() && clock.elapsed() < deadline) await pause(10, stopping.signal);
      stopping.abort();
      alarm.ring();
      const patience = new AbortController();
      await Promise.race([running, pause(1_000, patience.signal)]);
      patience.abort();
    },
  };
}
export type Drain = ReturnType<typeof createDrain>;

/** A wait that ends after a time or when it is rung. */
function createAlarm() {
  let ring = () => {};
  return {
    ring: () => ring(),
    async wait(milliseconds: number | null): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      ring = resolve;
      const timer = milliseconds === null ? null : setTimeout(resolve, milliseconds);
      await promise;
      if (timer) clearTimeout(timer);
      ring = () => {};
    },
  };
}
