import { anscombe, robustBaseline, robustScore } from "@treadle/metrics";
import { cellsOf } from "./cells.ts";
import type { ExpectedCount } from "./factors.ts";
import { hourOfDayType, hourOfWeek } from "./hour-of-week.ts";
import type { PastWindow } from "./past-window.ts";
import { trendOf } from "./trend.ts";

/** The expected count, and the means that the past leaves possible on each side. */
export type ExpectedCounts = {
  readonly mean: number;
  readonly low: ExpectedCount;
  readonly high: ExpectedCount;
};
export type CountBaseline = { readonly kind: "count"; expectedAt(end: number): ExpectedCounts };

type Spread = { readonly mean: number; readonly variance: number; readonly n: number };

const PRIOR_VALUES = 4;
/** One-sided 90 %. */
const Z = 1.2815515655446004;
/** Counts so many spreads from the median on Anscombe's scale are outliers of the past. */
const OUTLIER = 5;
const LEAST_SHARE = 0.05;

/**
 * The counts of the past, by hour of the week. Outliers on the scale of Anscombe, on which the spread is about 1, are left out,
 * and the mean of all others is expected: a median of small counts would be too low.
 */
export function baselineOfCounts(past: readonly PastWindow[], isSeasonal: boolean): CountBaseline {
  const cells = cellsOf(
    past.map(({ end, reading }) => ({ end, value: reading.kind === "total" ? reading.value : 0 })),
    isSeasonal,
  );
  const all = spreadOf(cells.all);
  const dayTypes = new Map([...cells.dayTypes].map(([key, counts]) => [key, spreadOf(counts)]));
  const hours = new Map(
    [...cells.hours].map(([hour, counts]) => [
      hour,
      shrink(spreadOf(counts), dayTypes.get(hourOfDayType(hour)) ?? all),
    ]),
  );
  const spreadAt = (end: number) => hours.get(hourOfWeek(end - 1)) ?? all;
  const trend = trendOf(past, (end) => spreadAt(end).mean);
  return { kind: "count", expectedAt: (end) => toExpected(spreadAt(end), trend) };
}

function spreadOf(counts: readonly number[]): Spread {
  const transformed = counts.map(anscombe);
  const baseline = robustBaseline(transformed) ?? { median: 0, scale: 1, n: 0 };
  const usual = counts.filter((_, place) => Math.abs(robustScore(transformed[place] ?? 0, baseline, 1)) <= OUTLIER);
  const n = usual.length;
  const mean = usual.reduce((sum, count) => sum + count, 0) / Math.max(1, n);
  const squares = usual.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, n - 1), n };
}

function shrink(own: Spread, general: Spread): Spread {
  const mix = (one: number, other: number) => (own.n * one + PRIOR_VALUES * other) / (own.n + PRIOR_VALUES);
  return {
    mean: mix(own.mean, general.mean),
    variance: mix(own.variance, general.variance),
    n: own.n + Math.min(PRIOR_VALUES, general.n),
  };
}

function toExpected({ mean: before, variance: spread, n }: Spread, trend: number): ExpectedCounts {
  const mean = before * trend;
  const variance = Math.max(spread * trend * trend, mean, (LEAST_SHARE * mean) ** 2);
  const margin = Z * Math.sqrt(variance / Math.max(1, n));
  const withMean = (shifted: number): ExpectedCount => ({ mean: shifted, variance: Math.max(variance, shifted) });
  return { mean, low: withMean(Math.max(0, mean - margin)), high: withMean(mean + Math.max(margin, n === 0 ? 1 : 0)) };
}
