import { checkCounts } from "../statistics/shared/checks.ts";
import type { Count } from "../statistics/shared/proportions.ts";

/**
 * How the factors of the windows are combined (Shin, Ramdas and Rinaldo 2023). `cusum` begins again whenever the evidence is
 * below 1. `shiryaev-roberts` adds a beginning in each window, and so rises a little faster for small changes.
 */
export type DetectorForm = "cusum" | "shiryaev-roberts";

/**
 * The evidence after one more window, from the evidence before it (0 at the start) and the window's factor. A factor is an
 * e-value: 0 or more, and at most 1 on average as long as nothing has changed. An alarm at evidence of 1/alpha or more is
 * false on average at most once in 1/alpha windows, whatever the distribution.
 */
export function nextEvidence(before: number, factor: number, form: DetectorForm = "cusum"): number {
  if (!(factor >= 0)) throw new RangeError(`A factor is ${factor}: give an e-value, which is 0 or more.`);
  if (!(before >= 0)) throw new RangeError(`The evidence before is ${before}: begin with 0.`);
  const next = form === "cusum" ? factor * Math.max(before, 1) : factor * (before + 1);
  return Math.min(next, Number.MAX_VALUE);
}

/** The times of the expected rate that a change is looked for at, each with the same weight. */
const RATIOS = [1.5, 2, 4];

/**
 * The factor of a window in which so many of `n` requests were bad, against "not more often than `expected`": the mean of the
 * likelihood ratios for rates of 1.5, 2 and 4 times `expected`. A rate that would exceed 1 is the middle between `expected`
 * and 1. Throws unless `expected` is between 0 and 1, both excluded.
 */
export function rateFactor({ successes: bad, n }: Count, expected: number, ratios: readonly number[] = RATIOS): number {
  checkCounts(bad, n);
  if (!(expected > 0 && expected < 1)) throw new RangeError(`expected is ${expected}: give a rate between 0 and 1.`);
  const logs = ratios.map((ratio) => {
    const rate = expected * ratio < 1 ? expected * ratio : (1 + expected) / 2;
    return bad * Math.log(rate / expected) + (n - bad) * Math.log((1 - rate) / (1 - expected));
  });
  const most = Math.max(...logs);
  return Math.exp(most) * (logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length);
}
