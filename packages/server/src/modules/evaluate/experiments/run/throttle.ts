import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";

type Lane = {
  limit: number;
  running: number;
  pausedUntil: number;
  /** When the provider was first found unavailable; null once a call went well again. */
  awaySince: number | null;
  readonly parked: (() => void)[];
};
type Options = {
  readonly most: number;
  readonly clock: Pick<Clock, "elapsed">;
  readonly firstWaitMs?: number;
  /** How long calls wait for a provider whose circuit is open. */
  readonly maxOutageMs?: number;
  /** Called each time that calls wait for a provider. */
  readonly onOutage?: (outage: { readonly model: string; readonly lastedMs: number }) => void;
};

const MOST_TRIES = 8;
const LONGEST_WAIT_MS = 30_000;
export const DEFAULT_OUTAGE_SECONDS = 600;

/** A provider was unavailable for longer than a run waits. Every further call would fail too, so the run ends. */
export class OutageError extends AppError {
  constructor(model: string, { lastedMs, cause }: { readonly lastedMs: number; readonly cause: unknown }) {
    const seconds = Math.round(lastedMs / 1_000);
    super("unprocessable", {
      message: `The provider of "${model}" was unavailable for ${seconds} s, the longest time that this run waits. All answers so far are stored. Check the connection, then resume.`,
      cause,
    });
    this.name = "OutageError";
  }
}

/** Whether the provider, or this server, reported a rate limit or overload. */
function isTooMuch(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  if (error.code === "rate_limited" || error.code === "overloaded") return true;
  return detailOf(error, "status") === 429;
}

/** Whether the gateway did not ask the provider, because it failed too often. */
const isCircuitOpen = (error: unknown): boolean => detailOf(error, "reason") === "circuit-open";

/** Whether the provider failed in a way that says nothing about the request. */
function isSick(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const status = detailOf(error, "status");
  if (error.code === "provider_failed") return typeof status !== "number" || status >= 500 || status === 408;
  return error.code === "provider_timeout";
}

function detailOf(error: unknown, name: string): unknown {
  const details = error instanceof AppError ? error.details : null;
  return typeof details === "object" && details !== null ? Reflect.get(details, name) : undefined;
}

/**
 * Runs calls by model, each with up to `most` at once. After a rate limit, all calls of that model wait. Then half as
 * many run, and one more after each series of that many successes. While the gateway's circuit breaker for the provider
 * is open, all wait, up to `maxOutageMs`. Then `OutageError` is thrown.
 */
export function createThrottle({ most, clock, firstWaitMs = 500, ...outages }: Options) {
  const { maxOutageMs = DEFAULT_OUTAGE_SECONDS * 1_000, onOutage } = outages;
  const lanes = new Map<string, Lane>();
  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? { limit: most, running: 0, pausedUntil: 0, awaySince: null, parked: [] };
    lanes.set(name, lane);
    return lane;
  }

  async function enter(lane: Lane, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = lane.pausedUntil - clock.elapsed();
      if (waitMs > 0) await delay(waitMs, undefined, { signal });
      else if (lane.running >= Math.floor(lane.limit)) await park(lane, signal);
      else break;
    }
    lane.running++;
  }
  function leave(lane: Lane): void {
    lane.running--;
    lane.parked.shift()?.();
  }
  function slow(lane: Lane, waitMs: number): void {
    const now = clock.elapsed();
    // Requests that ran at the same time report the same outage.
    if (now >= lane.pausedUntil) lane.limit = Math.max(1, lane.limit / 2);
    lane.pausedUntil = Math.max(lane.pausedUntil, now + waitMs);
  }

  /** Has one call at a time find out whether the provider is back. Throws when it was away for too long. */
  function awaitProvider(model: string, lane: Lane, error: unknown): void {
    const now = clock.elapsed();
    lane.awaySince ??= now;
    const lastedMs = now - lane.awaySince;
    if (lastedMs >= maxOutageMs) throw new OutageError(model, { lastedMs, cause: error });
    const retryAfterMs = ((error instanceof AppError && error.retryAfterSeconds) || 0) * 1_000;
    const waitMs = Math.min(Math.max(retryAfterMs, firstWaitMs), LONGEST_WAIT_MS, maxOutageMs - lastedMs);
    lane.limit = 1;
    lane.pausedUntil = Math.max(lane.pausedUntil, now + waitMs);
    onOutage?.({ model, lastedMs });
  }

  return async function run<Result>(name: string, signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
    const lane = laneOf(name);
    for (let tries = 1; ; ) {
      await enter(lane, signal);
      try {
        const result = await call();
        lane.awaySince = null;
        lane.limit = Math.min(most, lane.limit + 1 / lane.limit);
        return result;
      } catch (error) {
        if (isCircuitOpen(error)) {
          awaitProvider(name, lane, error);
          continue;
        }
        if (tries++ === MOST_TRIES) throw error;
        if (lane.awaySince !== null && isSick(error)) {
          awaitProvider(name, lane, error);
          continue;
        }
        if (!isTooMuch(error)) throw error;
        const asked = (error.retryAfterSeconds ?? 0) * 1_000;
        slow(lane, Math.max(asked, Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** (tries - 2))));
      } finally {
        leave(lane);
      }
    }
  };
}
export type Throttle = ReturnType<typeof createThrottle>;

/** Waits for another request to finish; rejects when the signal is aborted. */
function park(lane: Lane, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const wake = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      lane.parked.splice(lane.parked.indexOf(wake), 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    lane.parked.push(wake);
  });
}
