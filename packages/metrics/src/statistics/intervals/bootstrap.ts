import { normalCdf, normalQuantile } from "../../distributions/normal.ts";
import { studentTQuantile } from "../../distributions/student-t.ts";
import { checkAlpha, checkFinite, checkSameLength } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { sumByCluster } from "./mean-interval.ts";
import { resampleRatios, resampleRows } from "./resample.ts";

export type BootstrapOptions = {
  /** 10,000 when left out. */
  readonly resamples?: number;
  readonly seed?: number;
  /** Drawn as a whole, in the order of the values. */
  readonly clusters?: readonly (string | number)[];
};

/** An estimate with what resampling its items showed. */
export type Bootstrapped = {
  readonly estimate: number;
  /** What the resamples gave, in growing order. Those in which the metric does not exist are not among them. */
  readonly resampled: Float64Array;
  /** How many resamples were drawn. */
  readonly drawn: number;
  readonly groups: number;
  /** The standard error of the jackknife, and its third moment for BCa. */
  readonly standardError: number;
  readonly acceleration: number;
};

/** A metric of the whole set: what its sum of rows gives, or null where it does not exist. */
export type Score = (sum: readonly number[]) => number | null;

const DEFAULTS = { resamples: 10_000, seed: 1 };
/** A metric that exists in fewer resamples than this has no interval. */
const LEAST_DEFINED = 0.95;

/** Resamples a mean; give the differences of pairs for a paired bootstrap. null for fewer than two groups. */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions = {}): Bootstrapped | null {
  checkFinite("values", values);
  const { resamples, seed } = { ...DEFAULTS, ...options };
  const { sums, sizes } = grouped(values, options.clusters);
  if (sums.length < 2) return null;
  const total = sums.reduce((one, other) => one + other, 0);
  const without = sums.map((part, group) => (total - part) / (values.length - (sizes[group] ?? 0)));
  const resampled = resampleRatios({ sums, sizes }, { resamples, seed }).sort();
  return { estimate: total / values.length, resampled, drawn: resamples, groups: sums.length, ...jackknife(without) };
}

/**
 * Resamples a metric of the whole set: draws rows and computes the metric of their sum. null if the metric does not
 * exist.
 */
export function bootstrapScore(
  rows: readonly (readonly number[])[],
  score: Score,
  options: BootstrapOptions = {},
): Bootstrapped | null {
  return bootstrapRows(rows, score, options);
}

/** The same for head − base of two runs over the same items: both sides of an item are drawn together. */
export function bootstrapScoreDifference(
  runs: { readonly base: readonly (readonly number[])[]; readonly head: readonly (readonly number[])[] },
  score: Score,
  options: BootstrapOptions = {},
): Bootstrapped | null {
  checkSameLength(runs.base, runs.head);
  const width = runs.base[0]?.length ?? 0;
  const rows = runs.base.map((row, item) => [...row, ...(runs.head[item] ?? [])]);
  return bootstrapRows(rows, (total) => difference(score, total, width), options);
}

/**
 * The interval of 1 − alpha: `percentile`, `bca` (bias-corrected and accelerated, Efron 1987), or `t` from the
 * jackknife's error, for few groups. null if the metric is missing in more than 5 % of the resamples.
 */
export function bootstrapInterval(
  bootstrapped: Bootstrapped,
  { alpha = 0.05, method = "bca" }: { alpha?: number; method?: "percentile" | "bca" | "t" } = {},
): Interval | null {
  checkAlpha(alpha);
  const { estimate, resampled, drawn, groups, standardError } = bootstrapped;
  if (resampled.length < drawn * LEAST_DEFINED) return null;
  if (method === "t") {
    const half = studentTQuantile(1 - alpha / 2, groups - 1) * standardError;
    return [estimate - half, estimate + half];
  }
  const [low, high] = method === "bca" ? accelerated(bootstrapped, alpha) : [alpha / 2, 1 - alpha / 2];
  return [quantileOf(resampled, low), quantileOf(resampled, high)];
}

function difference(score: Score, total: readonly number[], width: number): number | null {
  const base = score(total.slice(0, width));
  const head = score(total.slice(width));
  return base === null || head === null ? null : head - base;
}

function bootstrapRows(
  rows: readonly (readonly number[])[],
  score: Score,
  options: BootstrapOptions,
): Bootstrapped | null {
  const { resamples, seed } = { ...DEFAULTS, ...options };
  const width = rows[0]?.length ?? 0;
  for (const [item, row] of rows.entries()) {
    if (row.length !== width) throw new RangeError(`Item ${item} has ${row.length} statistics and the first ${width}.`);
    checkFinite(`item ${item}`, row);
  }
  const groups = groupedRows(rows, options.clusters);
  if (groups.length < 2) return null;
  const total = Array.from({ length: width }, (_, column) => groups.reduce((all, row) => all + (row[column] ?? 0), 0));
  const estimate = score(total);
  if (estimate === null) return null;
  const without = groups.map((row) => score(total.map((all, column) => all - (row[column] ?? 0))));
  const resampled = resampleRows(groups, { width, score, resamples, seed }).sort();
  const known = Float64Array.from(without.filter((value) => value !== null));
  return { estimate, resampled, drawn: resamples, groups: groups.length, ...jackknife(known) };
}

function grouped(values: ArrayLike<number>, clusters: readonly (string | number)[] | undefined) {
  if (clusters === undefined)
    return { sums: Float64Array.from(values), sizes: new Float64Array(values.length).fill(1) };
  checkSameLength(values, clusters);
  return sumByCluster(values, clusters);
}

function groupedRows(rows: readonly (readonly number[])[], clusters: readonly (string | number)[] | undefined) {
  if (clusters === undefined) return rows;
  checkSameLength(rows, clusters);
  const sums = new Map<string | number, number[]>();
  for (const [item, row] of rows.entries()) {
    const before = sums.get(clusters[item] ?? "");
    sums.set(
      clusters[item] ?? "",
      before === undefined ? [...row] : before.map((all, column) => all + (row[column] ?? 0)),
    );
  }
  return [...sums.values()];
}

function jackknife(without: Float64Array): { standardError: number; acceleration: number } {
  const centre = without.reduce((one, other) => one + other, 0) / without.length;
  let squares = 0;
  let cubes = 0;
  for (const each of without) {
    squares += (centre - each) ** 2;
    cubes += (centre - each) ** 3;
  }
  const standardError = Math.sqrt((squares * (without.length - 1)) / without.length);
  return { standardError, acceleration: squares === 0 ? 0 : cubes / (6 * squares ** 1.5) };
}

function accelerated({ estimate, resampled, acceleration }: Bootstrapped, alpha: number): [number, number] {
  let below = 0;
  let equal = 0;
  // The same items in another order may add up to a neighbouring number.
  const rounding = 1e-12 * ((resampled[resampled.length - 1] ?? 0) - (resampled[0] ?? 0));
  for (const each of resampled) {
    if (each < estimate - rounding) below += 1;
    else if (each <= estimate + rounding) equal += 1;
  }
  const bias = normalQuantile((below + equal / 2) / resampled.length);
  if (!Number.isFinite(bias)) return [alpha / 2, 1 - alpha / 2];
  const move = (share: number) => {
    const z = bias + normalQuantile(share);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [move(alpha / 2), move(1 - alpha / 2)];
}

/** Linear between neighbours, as numpy's default. */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const before = Math.floor(place);
  const low = sorted[before] ?? Number.NaN;
  const high = sorted[Math.min(before + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - before);
}
