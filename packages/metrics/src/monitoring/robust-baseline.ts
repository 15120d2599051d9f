import { checkFinite } from "../statistics/shared/checks.ts";

/** The middle of past values and their spread, of which one outlier changes little. */
export type Baseline = {
  readonly median: number;
  /** 1.4826 · median absolute deviation, which is the standard deviation of normal values. */
  readonly scale: number;
  readonly n: number;
};

const MAD_TO_DEVIATION = 1.4826;

/** The baseline of past values; null without values. Throws if one is not finite. */
export function robustBaseline(values: readonly number[]): Baseline | null {
  checkFinite("values", values);
  const median = medianOf(values);
  if (median === null) return null;
  const deviation = medianOf(values.map((value) => Math.abs(value - median))) ?? 0;
  return { median, scale: MAD_TO_DEVIATION * deviation, n: values.length };
}

/** How many spreads a value lies above the median. `floor` is the least spread, for past values that hardly differ. */
export function robustScore(value: number, { median, scale }: Baseline, floor = 0): number {
  const spread = Math.max(scale, floor);
  if (spread > 0) return (value - median) / spread;
  return value === median ? 0 : Math.sign(value - median) * Number.POSITIVE_INFINITY;
}

/** The values of a general baseline that a specific one with fewer values is moved towards. */
const PRIOR_VALUES = 4;

/**
 * The baseline of one hour of the week, moved towards the baseline of all such hours by the weight of four values: an hour with
 * few past weeks is like its kind of day. Without a specific baseline, the general one.
 */
export function shrinkBaseline(specific: Baseline | null, general: Baseline): Baseline {
  if (specific === null) return general;
  const { n } = specific;
  const mix = (one: number, other: number) => (n * one + PRIOR_VALUES * other) / (n + PRIOR_VALUES);
  return { median: mix(specific.median, general.median), scale: mix(specific.scale, general.scale), n };
}

/** The variance-stabilizing transform of a count: 2·√(x + 3/8), which has a spread of about 1 (Anscombe 1948). */
export const anscombe = (count: number): number => 2 * Math.sqrt(count + 3 / 8);

export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const [below, above] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (below + above) / 2;
}
