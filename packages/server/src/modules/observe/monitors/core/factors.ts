/** The expected number of events of a window, and its spread. */
export type ExpectedCount = { readonly mean: number; readonly variance: number };

/** The times of the expected value that a change is looked for at, each with the same weight. */
export const UP_RATIOS: readonly number[] = [1.5, 2, 4];
export const DOWN_RATIOS: readonly number[] = UP_RATIOS.map((ratio) => 1 / ratio);

/** A spread this close to a Poisson distribution's counts as one. */
const POISSON_SLACK = 1.05;

/**
 * The factor (an e-value) of a count against "as many as expected": the mean of the likelihood ratios for several times as many.
 * Counts that spread more than a Poisson distribution follow a negative binomial one, with the dispersion of the past. The ratio
 * rises with the count, so that it is an e-value against every smaller mean too.
 */
export function countRatioFactor(count: number, expected: ExpectedCount, ratios: readonly number[]): number {
  const { mean, variance } = expected;
  if (!(mean > 0)) return 1;
  const logs = ratios.map((ratio) =>
    variance <= POISSON_SLACK * mean
      ? count * Math.log(ratio) - mean * (ratio - 1)
      : negativeBinomialLog(count, { mean, ratio, size: (mean * mean) / (variance - mean) }),
  );
  return meanOfExponentials(logs);
}

type NegativeBinomial = { readonly mean: number; readonly ratio: number; readonly size: number };

/** The log-likelihood ratio of two means with the same size: what depends on the count alone cancels out. */
const negativeBinomialLog = (count: number, { mean, ratio, size }: NegativeBinomial): number =>
  count * Math.log(ratio) + (count + size) * (Math.log(mean + size) - Math.log(ratio * mean + size));

function meanOfExponentials(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return Math.exp(most) * (logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length);
}

/**
 * The factor of a value by its rank among past ones: with p = (1 + the number at least as high) / (1 + n), the mean over all bets
 * κ·p^(κ − 1), which is (1 − p + p·ln p) / (p·ln² p) (Vovk and Wang 2021). It is an e-value for any distribution, as long as the
 * window and the past ones are exchangeable.
 */
export function rankFactor(value: number, past: Float64Array): number {
  const p = (1 + past.length - countBelow(past, value)) / (1 + past.length);
  const log = Math.log(p);
  return p >= 1 - 1e-9 ? 0.5 : (1 - p + p * log) / (p * log * log);
}

/** How many of the sorted values are less than `value`. */
function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
