import { betaQuantile } from "../../distributions/beta.ts";
import { normalQuantile } from "../../distributions/normal.ts";
import { checkAlpha, checkCounts } from "./checks.ts";
import type { Interval } from "./comparison.ts";

export type Count = { readonly successes: number; readonly n: number };

/** What became of the same items in two runs. */
export type PairedCounts = {
  readonly both: number;
  readonly baseOnly: number;
  readonly headOnly: number;
  readonly neither: number;
};

/**
 * Wilson's score interval of a rate. Use it for pass rates: it is correct at 0, at 1 and for few items. null for n = 0.
 */
export function wilsonInterval({ successes, n }: Count, alpha = 0.05): Interval | null {
  checkCounts(successes, n);
  checkAlpha(alpha);
  return n === 0 ? null : wilsonOfRate({ rate: successes / n, n }, alpha);
}

/** The same for a rate over n answers, where n need not be whole because repeats of an item count for less. */
export function wilsonOfRate({ rate, n }: { readonly rate: number; readonly n: number }, alpha: number): Interval {
  const z = normalQuantile(1 - alpha / 2);
  const square = (z * z) / n;
  const centre = (rate + square / 2) / (1 + square);
  const half = (z * Math.sqrt((rate * (1 - rate)) / n + square / (4 * n))) / (1 + square);
  return [rate === 0 ? 0 : centre - half, rate === 1 ? 1 : centre + half];
}

/** Clopper and Pearson's exact interval: never covers less than promised, and is wider for it. null for n = 0. */
export function clopperPearsonInterval({ successes, n }: Count, alpha = 0.05): Interval | null {
  checkCounts(successes, n);
  checkAlpha(alpha);
  if (n === 0) return null;
  return [
    successes === 0 ? 0 : betaQuantile(alpha / 2, successes, n - successes + 1),
    successes === n ? 1 : betaQuantile(1 - alpha / 2, successes + 1, n - successes),
  ];
}

/** Newcombe's interval of head − base for rates of different items (his method 10). null when a side is empty. */
export function newcombeInterval(rates: { base: Count; head: Count }, alpha = 0.05): Interval | null {
  const base = spread(rates.base, alpha);
  const head = spread(rates.head, alpha);
  if (base === null || head === null) return null;
  const difference = head.rate - base.rate;
  return [difference - Math.hypot(head.below, base.above), difference + Math.hypot(head.above, base.below)];
}

/** Newcombe's interval of head − base for the same items (his method 10 for pairs). null without items. */
export function newcombePairedInterval(counts: PairedCounts, alpha = 0.05): Interval | null {
  const { both, baseOnly, headOnly, neither } = counts;
  const n = both + baseOnly + headOnly + neither;
  const base = spread({ successes: both + baseOnly, n }, alpha);
  const head = spread({ successes: both + headOnly, n }, alpha);
  if (base === null || head === null) return null;
  const correlation = correlationOf(counts, n);
  const join = (one: number, other: number) =>
    Math.sqrt(Math.max(0, one * one - 2 * correlation * one * other + other * other));
  const difference = (headOnly - baseOnly) / n;
  return [difference - join(head.below, base.above), difference + join(head.above, base.below)];
}

function spread(count: Count, alpha: number) {
  const interval = wilsonInterval(count, alpha);
  if (interval === null) return null;
  const rate = count.successes / count.n;
  return { rate, below: rate - interval[0], above: interval[1] - rate };
}

/** Phi, moved towards 0 by half an item where it is positive. */
function correlationOf({ both, baseOnly, headOnly, neither }: PairedCounts, n: number): number {
  const margins = (both + baseOnly) * (headOnly + neither) * (both + headOnly) * (baseOnly + neither);
  if (margins === 0) return 0;
  const product = both * neither - baseOnly * headOnly;
  return (product > 0 ? Math.max(0, product - n / 2) : product) / Math.sqrt(margins);
}
