import type { LimitUsage } from "@treadle/contract";
import { type Counter, counterOf } from "./active-limit.ts";
import { leftOf, nextTat, waitOf } from "./gcra.ts";

/** Two clocks: quotas follow the calendar, and rates a clock that never goes back. Both in milliseconds since 1970. */
export type Times = { readonly now: number; readonly steady: number };

/** Sums of many small amounts differ from the exact value by less than this. */
const EPSILON = 1e-9;
export const BUSY_MS = 1_000;

/** Milliseconds until an amount fits: 0 if it fits now, and `Infinity` if it can never fit. */
export function waitFor(counter: Counter, amount: number, { now, steady }: Times): number {
  const { limit } = counter;
  if (limit.kind === "rate") return waitOf(limit.rate, counter.tat, { cost: amount, now: steady });
  if (limit.kind === "concurrency") return counter.open + 1 <= limit.amount ? 0 : BUSY_MS;
  return counter.used + counter.reserved + amount <= limit.amount + EPSILON ? 0 : counter.end - now;
}

export function take(counter: Counter, amount: number, { steady }: Times): void {
  counter.open += 1;
  if (counter.limit.kind === "rate")
    counter.tat = nextTat(counter.limit.rate, counter.tat, { cost: amount, now: steady });
  else counter.reserved += amount;
}

type Settled = {
  readonly reserved: number;
  readonly actual: number;
  /** The start of the period in which the amount was reserved. */
  readonly start: number;
};

/** Replaces a reserved amount by the actual one, in the period of the reservation. */
export function settle(counter: Counter, { reserved, actual, start }: Settled): void {
  counter.open -= 1;
  if (counter.limit.kind === "rate") counter.tat += (actual - reserved) * counter.limit.rate.intervalMs;
  else if (counter.start === start) {
    counter.reserved = Math.max(0, counter.reserved - reserved);
    counter.used += actual;
  }
}

/** Whether the counter holds nothing that a later call depends on. */
export function isIdle({ limit, open, waiting, tat, end }: Counter, { now, steady }: Times): boolean {
  if (open > 0 || waiting > 0) return false;
  if (limit.kind === "rate") return tat <= steady;
  return limit.kind === "concurrency" || end <= now;
}

/** How much of the limit is left, unrounded. */
export function remainingOf(counter: Counter, { steady }: Times): number {
  const { limit } = counter;
  if (limit.kind === "rate") return leftOf(limit.rate, counter.tat, steady);
  if (limit.kind === "concurrency") return Math.max(0, limit.amount - counter.open);
  return Math.max(0, limit.amount - counter.used - counter.reserved);
}

/** The most that the counter can have left: of a rate the burst. */
export const capacityOf = ({ limit: { kind, rate, amount } }: Pick<Counter, "limit">): number =>
  kind === "rate" ? rate.toleranceMs / rate.intervalMs : amount;

/** Milliseconds until all of it is available again. */
export function resetOf({ limit, tat, end }: Counter, { now, steady }: Times): number {
  if (limit.kind === "rate") return Math.max(0, tat - steady);
  return limit.kind === "quota" ? Math.max(0, end - now) : 0;
}

/** The share that is used or reserved, in percent. */
export function percentOf(counter: Counter, times: Times): number {
  const capacity = capacityOf(counter);
  return ((capacity - remainingOf(counter, times)) / capacity) * 100;
}

export function usageOf(counter: Counter, times: Times): LimitUsage {
  const { limit, value, waiting } = counter;
  counterOf(limit, value, times.now);
  const remaining = remainingOf(counter, times);
  const isRate = limit.kind === "rate";
  const isCalls = limit.kind === "concurrency";
  return {
    value,
    used: isRate ? capacityOf(counter) - remaining : isCalls ? counter.open : counter.used,
    reserved: limit.kind === "quota" ? counter.reserved : 0,
    remaining,
    percent: percentOf(counter, times),
    resetsAt: isCalls ? null : new Date(times.now + resetOf(counter, times)).toISOString(),
    unpriced: counter.unpriced,
    waiting,
  };
}
