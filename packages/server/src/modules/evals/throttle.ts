import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";

type Lane = { limit: number; running: number; pausedUntil: number; readonly parked: (() => void)[] };
type Options = { readonly most: number; readonly clock: Pick<Clock, "elapsed">; readonly firstWaitMs?: number };

const MOST_TRIES = 8;
const LONGEST_WAIT_MS = 30_000;

/** Whether the provider, or this server, said that it has too much to do. */
function isTooMuch(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  if (error.code === "rate_limited" || error.code === "overloaded") return true;
  const { details } = error;
  return typeof details === "object" && details !== null && "status" in details && details.status === 429;
}

/**
 * Runs calls by their model, up to `most` of each at once. When a provider says that it is too much, all of that model's wait,
 * then half as many run, and one more after each that many that went well.
 */
export function createThrottle({ most, clock, firstWaitMs = 500 }: Options) {
  const lanes = new Map<string, Lane>();
  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? { limit: most, running: 0, pausedUntil: 0, parked: [] };
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
    // Those that were under way at once tell of one and the same jam.
    if (now >= lane.pausedUntil) lane.limit = Math.max(1, lane.limit / 2);
    lane.pausedUntil = Math.max(lane.pausedUntil, now + waitMs);
  }

  return async function run<Result>(name: string, signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
    const lane = laneOf(name);
    for (let tries = 1; ; tries++) {
      await enter(lane, signal);
      try {
        const result = await call();
        lane.limit = Math.min(most, lane.limit + 1 / lane.limit);
        return result;
      } catch (error) {
        if (!isTooMuch(error) || tries === MOST_TRIES) throw error;
        const asked = (error.retryAfterSeconds ?? 0) * 1_000;
        slow(lane, Math.max(asked, Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** (tries - 1))));
      } finally {
        leave(lane);
      }
    }
  };
}
export type Throttle = ReturnType<typeof createThrottle>;

/** Waits for somebody to leave; rejects when the signal says so. */
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
