/**
 * The generic cell rate algorithm: one number for each counter, the theoretical arrival time (TAT). It is equal to a bucket
 * that leaks evenly. Times are milliseconds on a clock that never goes back.
 */
export type Rate = {
  /** How long one unit takes to refill. */
  readonly intervalMs: number;
  /** How long the whole burst takes to refill. */
  readonly toleranceMs: number;
};

/** Floating-point sums of many reservations differ from the exact value by less than this. */
const EPSILON_MS = 1e-6;

export const rateOf = (amount: number, periodMs: number, burst: number): Rate => ({
  intervalMs: periodMs / amount,
  toleranceMs: (burst * periodMs) / amount,
});

/** The TAT after a cost at a moment. A negative cost gives back. */
export const nextTat = ({ intervalMs }: Rate, tat: number, { cost, now }: { cost: number; now: number }): number =>
  Math.max(now, tat) + cost * intervalMs;

/** Milliseconds until the cost fits: 0 if it fits now, and `Infinity` if it is larger than the burst. */
export function waitOf(rate: Rate, tat: number, { cost, now }: { cost: number; now: number }): number {
  const { intervalMs, toleranceMs } = rate;
  if (cost * intervalMs > toleranceMs + EPSILON_MS) return Number.POSITIVE_INFINITY;
  const wait = Math.max(now, tat) + cost * intervalMs - toleranceMs - now;
  return wait > EPSILON_MS ? wait : 0;
}

/** What is left at a moment, unrounded. */
export const leftOf = ({ intervalMs, toleranceMs }: Rate, tat: number, now: number): number =>
  Math.max(0, (toleranceMs - Math.max(0, tat - now)) / intervalMs);
