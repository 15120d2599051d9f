import type { AppError } from "../../../../kernel/errors.ts";
import type { SpendOrder, Waiting } from "../../../build/gateway/index.ts";
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
export class Blocked {
  readonly order: SpendOrder;
  /** The limit that the call would have to wait for longest. */
  readonly worst: Obstacle;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.order = parts.order;
    this.worst = parts.obstacles.reduce((worst, obstacle) => (obstacle.waitMs > worst.waitMs ? obstacle : worst));
  }

  /** How long the call may wait in total: all limits in its way must allow it. */
  get queueMs(): number {
    return Math.min(...this.#parts.obstacles.map(({ one }) => one.counter.limit.queueMs));
  }

  /** The time until a counter has enough left; 0 if it has now. */
  waitAt = (counter: Counter): number => this.#parts.obstacles.find(({ one }) => one.counter === counter)?.waitMs ?? 0;

  /** Whether waiting can help. A call does not wait for one provider while another can answer. */
  mayWait({ hasOther }: Pick<Waiting, "hasOther">, waitedMs: number): boolean {
    if (this.order.isMirrored) return false;
    return this.#parts.obstacles.every(({ one: { counter }, waitMs }) => {
      const { queueMs, stored } = counter.limit;
      if (queueMs === 0 || (hasOther && stored.scope === "provider")) return false;
      return waitedMs + waitMs <= queueMs + TOLERANCE_MS;
    });
  }

  /** The error that names the limit. */
  refusal(note = ""): AppError {
    const { held, times, order } = this.#parts;
    const { one, waitMs } = this.worst;
    const headers = rateHeaders(held, order.headerStyle, times);
    return refusal({
      counter: one.counter,
      amount: one.reserved,
      waitMs: waitMs || BUSY_MS,
      times,
      headers,
      note: note && ` ${note}`,
    });
  }
}
