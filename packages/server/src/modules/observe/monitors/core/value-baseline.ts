import { type Baseline, robustBaseline, robustScore, shrinkBaseline } from "@treadle/metrics";
import { cellsOf } from "./cells.ts";
import { hourOfDayType, hourOfWeek } from "./hour-of-week.ts";
import type { PastWindow } from "./past-window.ts";
import { measuredOf, type Reading } from "./reading.ts";

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

function scaled(reading: Reading): number | null {
  const { value } = measuredOf(reading);
  if (value === null) return null;
  return isLogarithmic(reading) ? Math.log(Math.max(value, 0) + TINY) : value;
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
  const scores = values.slice(-MOST_PAST).map(({ value, end }) => scoreAt(value, end));
  return {
    kind: "value",
    expectedAt: (end) => (isLog ? Math.exp(baselineAt(end).median) : baselineAt(end).median),
    scoreOf: (reading, end) => {
      const value = scaled(reading);
      return value === null ? null : scoreAt(value, end);
    },
    past: Float64Array.from(scores).sort(),
    mirrored: Float64Array.from(scores, (score) => -score).sort(),
  };
}

type Value = { readonly end: number; readonly value: number };

function seasonalBaseline(values: readonly Value[], isSeasonal: boolean): (end: number) => Baseline {
  const cells = cellsOf(values, isSeasonal);
  const all = robustBaseline(cells.all) ?? { median: 0, scale: 0, n: 0 };
  const dayTypes = new Map([...cells.dayTypes].map(([key, own]) => [key, robustBaseline(own) ?? all]));
  const hours = new Map(
    [...cells.hours].map(([hour, own]) => {
      const baseline = robustBaseline(own);
      const general = dayTypes.get(hourOfDayType(hour)) ?? all;
      return [hour, own.length < LEAST_OWN ? shrinkBaseline(baseline, general) : (baseline ?? general)];
    }),
  );
  return (end) => hours.get(hourOfWeek(end - 1)) ?? all;
}
