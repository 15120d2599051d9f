import type { AppError } from "../../../../kernel/errors.ts";
import type { Reservation, SpendOrder, Waiting } from "../../../build/gateway/index.ts";
import type { Counter } from "./active-limit.ts";
import { rateHeaders } from "./rate-headers.ts";
import { refusal } from "./refusal.ts";
import type { Held } from "./reservations.ts";
import { BUSY_MS, type Times, waitFor } from "./use-counter.ts";

/** A limit that a call cannot pass now: too little is left, or other calls wait for it. */
export type Obstacle = {
  readonly one: Held;
  /** How long until enough is left. 0 if only other calls are first. */
  readonly waitMs: number;
};
type Passed = ReadonlySet<Counter> | null;
type Parts = {
  readonly order: SpendOrder;
  readonly held: readonly Held[];
  readonly times: Times;
  readonly obstacles: readonly Obstacle[];
};

/** Timers have whole milliseconds. */
const TOLERANCE_MS = 1;

/** Whether a call passes all of its limits now. `passed` are the limits where it has had its turn. */
export function isFree(held: readonly Held[], times: Times, passed: Passed): boolean {
  for (const { counter, reserved } of held) {
    if (counter.waiting > 0 && !passed?.has(counter)) return false;
    if (counter.limit.isHard && waitFor(counter, reserved, times) > 0) return false;
  }
  return true;
}

export const obstaclesOf = (held: readonly Held[], times: Times, passed: Passed): Obstacle[] =>
  held.flatMap((one) => {
    const { counter, reserved } = one;
    const waitMs = counter.limit.isHard ? waitFor(counter, reserved, times) : 0;
    return waitMs > 0 || (counter.waiting > 0 && !passed?.has(counter)) ? [{ one, waitMs }] : [];
  });

/** A call that cannot pass now. */
export type Blocked = {
  readonly order: SpendOrder;
  /** The limit that the call would have to wait for longest. */
  readonly worst: Obstacle;
  /** How long the call may wait in total: all limits in its way must allow it. */
  readonly queueMs: number;
  /** The time until a counter has enough left; 0 if it has now. */
  waitAt(counter: Counter): number;
  /** Whether waiting can help a call that has waited for a time. */
  mayWait(call: Pick<Waiting, "hasOther" | "waitedMs">): boolean;
  /** The error that names the limit. The note is added to its message. */
  refusal(note?: string): AppError;
};

export function createBlocked({ order, held, times, obstacles }: Parts): Blocked {
  const worst = obstacles.reduce((most, obstacle) => (obstacle.waitMs > most.waitMs ? obstacle : most));
  return {
    order,
    worst,
    queueMs: Math.min(...obstacles.map(({ one }) => one.counter.limit.queueMs)),
    waitAt: (counter) => obstacles.find(({ one }) => one.counter === counter)?.waitMs ?? 0,
    mayWait: (call) => !order.isMirrored && obstacles.every((obstacle) => allowsWaiting(obstacle, call)),
    refusal: (note = "") =>
      refusal({
        counter: worst.one.counter,
        amount: worst.one.reserved,
        waitMs: worst.waitMs || BUSY_MS,
        times,
        headers: rateHeaders(held, order.headerStyle, times),
        note: note && ` ${note}`,
      }),
  };
}

export const isBlocked = (result: Reservation | Blocked | null): result is Blocked =>
  result !== null && "refusal" in result;

/** A call does not wait for one provider while another can answer. */
function allowsWaiting(
  { one: { counter }, waitMs }: Obstacle,
  { hasOther, waitedMs }: Pick<Waiting, "hasOther" | "waitedMs">,
): boolean {
  const { queueMs, stored } = counter.limit;
  if (queueMs === 0 || (hasOther && stored.scope === "provider")) return false;
  return waitedMs + waitMs <= queueMs + TOLERANCE_MS;
}
