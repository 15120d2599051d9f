import { normalCdf, normalQuantile } from "../../distributions/normal.ts";
import { checkAlpha, checkFinite } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { sum } from "../shared/moments.ts";

export type Wilcoxon = {
  /** The smaller of both rank sums. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: "exact" | "normal";
};

/**
 * Wilcoxon's signed-rank test, two-sided, without zeros, like the default of `scipy.stats.wilcoxon` 1.15. It is exact
 * up to 50 differences without ties or zeros, and up to 13 with them. Otherwise it is the normal approximation without
 * continuity correction. null without differences; p = 1 if all are zero.
 */
export function wilcoxonTest(differences: ArrayLike<number>): Wilcoxon | null {
  checkFinite("differences", differences);
  if (differences.length === 0) return null;
  const moving = Array.from(differences).filter((difference) => difference !== 0);
  if (moving.length === 0) return { statistic: 0, pValue: 1, method: "exact" };
  const { ranks, tieSizes } = rankBySize(moving);
  const above = sum(ranks.filter((_, place) => (moving[place] ?? 0) > 0));
  const statistic = Math.min(above, sum(ranks) - above);
  const isPlain = tieSizes.length === 0 && moving.length === differences.length;
  const isExact = differences.length <= (isPlain ? 50 : 13);
  return isExact
    ? { statistic, pValue: exactPValue(ranks, statistic), method: "exact" }
    : { statistic, pValue: normalPValue(above, { n: moving.length, tieSizes }), method: "normal" };
}

/**
 * The matching Hodges–Lehmann difference: the median of the means of all pairs of differences, including each with
 * itself. The interval of 1 − alpha comes from the normal approximation of the rank sum. A single outlier hardly
 * changes it. null for fewer than six.
 */
export function hodgesLehmann(
  differences: ArrayLike<number>,
  alpha = 0.05,
): { estimate: number; interval: Interval } | null {
  checkFinite("differences", differences);
  checkAlpha(alpha);
  const n = differences.length;
  if (n < 6) return null;
  const sorted = Float64Array.from(differences).sort();
  const pairs = (n * (n + 1)) / 2;
  const spread = normalQuantile(1 - alpha / 2) * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  const low = Math.max(1, Math.floor(pairs / 2 - spread));
  const middle = (nthMean(sorted, Math.floor((pairs + 1) / 2)) + nthMean(sorted, Math.ceil((pairs + 1) / 2))) / 2;
  return { estimate: middle, interval: [nthMean(sorted, low), nthMean(sorted, pairs + 1 - low)] };
}

function rankBySize(values: readonly number[]): { ranks: number[]; tieSizes: number[] } {
  const order = values.map((_, place) => place).sort((a, b) => Math.abs(values[a] ?? 0) - Math.abs(values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  const tieSizes: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    const sizeAt = (place: number) => Math.abs(values[order[place] ?? 0] ?? 0);
    while (end < order.length && sizeAt(end) === sizeAt(start)) end += 1;
    for (let place = start; place < end; place += 1) ranks[order[place] ?? 0] = (start + 1 + end) / 2;
    if (end - start > 1) tieSizes.push(end - start);
    start = end;
  }
  return { ranks, tieSizes };
}

/** Counts the combinations of signs with each rank sum; ranks are doubled, for ties have halves. */
function exactPValue(ranks: readonly number[], statistic: number): number {
  let counts = [1];
  for (const rank of ranks) {
    const step = Math.round(rank * 2);
    const next = Array.from(
      { length: counts.length + step },
      (_, total) => (counts[total] ?? 0) + (counts[total - step] ?? 0),
    );
    counts = next;
  }
  const atMost = sum(counts.slice(0, Math.round(statistic * 2) + 1));
  return Math.min(1, (2 * atMost) / 2 ** ranks.length);
}

function normalPValue(above: number, { n, tieSizes }: { n: number; tieSizes: readonly number[] }): number {
  const ties = sum(tieSizes.map((size) => size ** 3 - size)) / 2;
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1) - ties) / 24);
  return 2 * normalCdf(-Math.abs(above - (n * (n + 1)) / 4) / deviation);
}

/** The nth smallest mean of two of the sorted values, found by halving what it may be and counting, without making all of them. */
function nthMean(sorted: Float64Array, nth: number): number {
  let low = sorted[0] ?? 0;
  let high = sorted[sorted.length - 1] ?? 0;
  if (countMeans(sorted, low) >= nth) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (countMeans(sorted, middle) >= nth) high = middle;
    else low = middle;
  }
}

function countMeans(sorted: Float64Array, most: number): number {
  let count = 0;
  let other = sorted.length - 1;
  for (let place = 0; place < sorted.length; place += 1) {
    while (other >= place && ((sorted[place] ?? 0) + (sorted[other] ?? 0)) / 2 > most) other -= 1;
    if (other < place) break;
    count += other - place + 1;
  }
  return count;
}
