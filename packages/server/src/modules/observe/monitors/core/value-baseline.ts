import { type Baseline, robustBaseline, robustScore, shrinkBaseline } from "@treadle/metrics";
import { cellsOf } from "./cells.ts";
import { hourOfDayType, hourOfWeek } from "./hour-of-week.ts";
import type { PastWindow } from "./past-window.ts";
import { type Reading, valueOfReading } from "./reading.ts";

export type ValueBaseline = {
  readonly kind: "value";
  /** The expected value, on the scale of the series. */
  expectedAt(end: number): number;
  /** How many spreads the value of a window is above the expected one. Null without a value. */
  scoreOf(reading: Reading, end: number): number | null;
  /** The scores of past windows, lowest first. */
  readonly past: Float64Array;
  /** The same with the sign changed, for changes down. */
  readonly mirrored: Float64Array;
};

/** Ranks among more windows would hardly be finer than a factor needs. */
const MOST_PAST = 5_000;
/** 5 % of the value. */
const LOG_FLOOR = Math.log(1.05);
const LINEAR_FLOOR = 1e-9;
const LEAST_OWN = 4;

/** Money, tokens and times vary by factors, and scores by differences. */
const isLogarithmic = ({ kind }: Reading): boolean => kind === "total" || kind === "percentile";
const TINY = 1e-9;

/** A preview learns from the same windows many times. */
const SCALED = new WeakMap<Reading, number | null>();

function scaled(reading: Reading): number | null {
  const known = SCALED.get(reading);
  if (known !== undefined) return known;
  const value = valueOfReading(reading);
  const result = value !== null && isLogarithmic(reading) ? Math.log(Math.max(value, 0) + TINY) : value;
  SCALED.set(reading, result);
  return result;
}

/** The values of the past by hour of the week: medians, and spreads from absolute deviations. */
export function baselineOfValues(past: readonly PastWindow[], isSeasonal: boolean): ValueBaseline {
  const values = past.flatMap(({ end, reading }) => {
    const value = scaled(reading);
    return value === null ? [] : [{ end, value }];
  });
  const isLog = past[0] !== undefined && isLogarithmic(past[0].reading);
  const baselineAt = seasonalBaseline(values, isSeasonal);
  const scoreAt = (value: number, end: number) => robustScore(value, baselineAt(end), isLog ? LOG_FLOOR : LINEAR_FLOOR);
  const scores = Float64Array.from(values.slice(-MOST_PAST), ({ value, end }) => scoreAt(value, end)).sort();
  return {
    kind: "value",
    expectedAt: (end) => (isLog ? Math.exp(baselineAt(end).median) : baselineAt(end).median),
    scoreOf: (reading, end) => {
      const value = scaled(reading);
      return value === null ? null : scoreAt(value, end);
    },
    past: scores,
    mirrored: scores.map((score) => -score).reverse(),
  };
}

type Value = { readonly end: number; readonly value: number };

function seasonalBaseline(values: readonly Value[], isSeasonal: boolean): (end: number) => Baseline {
  const cells = cellsOf(values, isSeasonal);
  let whole: Baseline | null = null;
  // Most hours have enough values, so that the larger cells are rarely needed.
  const all = () => {
    whole ??= robustBaseline(cells.all) ?? NO_VALUES;
    return whole;
  };
  const dayTypeOf = (hour: number) => robustBaseline(cells.dayTypes.get(hourOfDayType(hour)) ?? []) ?? all();
  const hours = new Map(
    [...cells.hours].map(([hour, own]) => {
      const baseline = robustBaseline(own);
      const isEnough = baseline !== null && own.length >= LEAST_OWN;
      return [hour, isEnough ? baseline : shrinkBaseline(baseline, dayTypeOf(hour))];
    }),
  );
  return (end) => hours.get(hourOfWeek(end - 1)) ?? all();
}

const NO_VALUES: Baseline = { median: 0, scale: 0, n: 0 };
