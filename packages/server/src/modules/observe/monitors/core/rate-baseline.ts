import { wilsonOfRate } from "@treadle/metrics";
import { cellsOf } from "./cells.ts";
import { hourOfDayType, hourOfWeek } from "./hour-of-week.ts";
import type { PastWindow } from "./past-window.ts";

type Sums = { readonly bad: number; readonly n: number };
/** The expected rate, and how far it may really be off on each side. */
export type ExpectedRate = { readonly rate: number; readonly low: number; readonly high: number };
export type RateBaseline = { readonly kind: "rate"; expectedAt(end: number): ExpectedRate };

/** Rates of an hour are moved towards the rate of its day type by the weight of so many windows. */
const PRIOR_WINDOWS = 4;
/** One-sided 90 %: the rate that the past leaves possible is what a new window is tested against. */
const ALPHA = 0.2;

/** The rates of the past, by hour of the week. */
export function baselineOfRates(past: readonly PastWindow[], isSeasonal: boolean): RateBaseline {
  const cells = cellsOf(past.map(toSums), isSeasonal);
  const all = sumOf(cells.all);
  const perWindow = all.n / cells.all.length;
  const dayTypes = mapValues(cells.dayTypes, (sums) => shrink(sumOf(sums), all, perWindow));
  const hours = mapValues(cells.hours, (sums, hour) =>
    shrink(sumOf(sums), dayTypes.get(hourOfDayType(hour)) ?? all, perWindow),
  );
  const expected = mapValues(hours, toExpected);
  const general = toExpected(all);
  return { kind: "rate", expectedAt: (end) => expected.get(hourOfWeek(end - 1)) ?? general };
}

const toSums = ({ end, reading }: PastWindow) => ({
  end,
  value: reading.kind === "rate" ? { bad: reading.bad, n: reading.n } : { bad: 0, n: 0 },
});

const sumOf = (sums: readonly Sums[]): Sums => ({
  bad: sums.reduce((sum, { bad }) => sum + bad, 0),
  n: sums.reduce((sum, { n }) => sum + n, 0),
});

function shrink(sums: Sums, towards: Sums, perWindow: number): Sums {
  if (towards.n === 0) return sums;
  const weight = Math.min(PRIOR_WINDOWS * perWindow, towards.n);
  return { bad: sums.bad + weight * (towards.bad / towards.n), n: sums.n + weight };
}

function toExpected({ bad, n }: Sums): ExpectedRate {
  if (n === 0) return { rate: 0, low: 0, high: 1 };
  const rate = Math.min(1, bad / n);
  const [low, high] = wilsonOfRate({ rate, n }, ALPHA);
  return { rate, low, high };
}

const mapValues = <Value, Result>(
  map: ReadonlyMap<number, Value>,
  to: (value: Value, key: number) => Result,
): Map<number, Result> => new Map([...map].map(([key, value]) => [key, to(value, key)]));
