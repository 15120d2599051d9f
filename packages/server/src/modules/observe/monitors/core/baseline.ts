import { baselineOfCounts, type CountBaseline } from "./count-baseline.ts";
import type { PastWindow } from "./past-window.ts";
import { baselineOfRates, type RateBaseline } from "./rate-baseline.ts";
import { baselineOfValues, type ValueBaseline } from "./value-baseline.ts";

/** What is expected of a series, from its past alone. */
export type SeriesBaseline = RateBaseline | CountBaseline | ValueBaseline;

/** With fewer windows there is no expectation, and the series learns. */
export const LEAST_WINDOWS = 20;

type Options = {
  readonly isSeasonal: boolean;
  /** Whether totals are whole numbers of events, and not tokens or money. */
  readonly isCount: boolean;
};

/**
 * The baseline of past windows. Windows in which the series fired are left out by the caller: an incident is not learned. Null as
 * long as there are too few.
 */
export function baselineOf(past: readonly PastWindow[], { isSeasonal, isCount }: Options): SeriesBaseline | null {
  if (past.length < LEAST_WINDOWS) return null;
  const kind = past[0]?.reading.kind;
  if (kind === "rate") return baselineOfRates(past, isSeasonal);
  if (kind === "total" && isCount) return baselineOfCounts(past, isSeasonal);
  return baselineOfValues(past, isSeasonal);
}
