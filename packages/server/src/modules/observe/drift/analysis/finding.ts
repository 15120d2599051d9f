import { areaUnder, aucInterval, effectiveSize, normalCdf, wilsonOfRate } from "@treadle/metrics";

/** How much each text of the two sides shows a property; null if it cannot have it. */
export type Marks = { readonly reference: readonly (number | null)[]; readonly current: readonly (number | null)[] };
/** The texts that are not independent of each other. */
export type Units = { readonly reference: readonly string[]; readonly current: readonly string[] };

/** One compared property, before the correction for their number. */
export type Finding = {
  readonly signal: string;
  readonly label: string;
  readonly effect: "share" | "auc" | "mmd";
  readonly reference: number | null;
  readonly current: number | null;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly pValue: number;
  /** From 0 to 1: how much each text shows the change. */
  readonly marks: Marks | null;
};

type Name = Pick<Finding, "signal" | "label">;

/** A property that fewer texts of a side can have is not compared. */
const FEWEST = 50;
const ALPHA = 0.05;

/** The difference of the shares of texts with a property. Null without enough texts, or if no text or every text has it. */
export function compareShares(name: Name, marks: Marks, units: Units): Finding | null {
  const [before, now] = [rateOf(marks.reference, units.reference), rateOf(marks.current, units.current)];
  if (!before || !now) return null;
  const value = now.rate - before.rate;
  if (before.rate === now.rate && (now.rate === 0 || now.rate === 1)) return null;
  const [low, high] = [spreadOf(before), spreadOf(now)];
  const pooled = (before.rate * before.n + now.rate * now.n) / (before.n + now.n);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / before.n + 1 / now.n));
  const isLess = value < 0;
  const toward = (mark: number | null) => (mark === null ? null : isLess ? 1 - mark : mark);
  return {
    ...name,
    effect: "share",
    reference: before.rate,
    current: now.rate,
    value,
    lower: value - Math.hypot(high.below, low.above),
    upper: value + Math.hypot(high.above, low.below),
    pValue: twoSided(value / error),
    marks: { reference: marks.reference.map(toward), current: marks.current.map(toward) },
  };
}

type Rate = { readonly rate: number; readonly n: number };

function rateOf(marks: readonly (number | null)[], units: readonly string[]): Rate | null {
  const known = knownOf(marks, units);
  if (known.values.length < FEWEST) return null;
  return { rate: meanOf(known.values), n: effectiveSize(known.values, known.units) };
}

/** Newcombe's method 10 with the effective numbers of texts. */
function spreadOf(rate: Rate) {
  const [low, high] = wilsonOfRate(rate, ALPHA);
  return { below: rate.rate - low, above: high - rate.rate };
}

/** The probability that a text of the day has a higher number than a text of the reference. Null without enough numbers. */
export function compareNumbers(name: Name, numbers: Marks, units: Units): Finding | null {
  const before = knownOf(numbers.reference, units.reference);
  const now = knownOf(numbers.current, units.current);
  if (before.values.length < FEWEST || now.values.length < FEWEST) return null;
  const auc = areaUnder(before.values, now.values);
  const negatives = Math.max(1, effectiveSize(ranksOf(before.values), before.units));
  const positives = Math.max(1, effectiveSize(ranksOf(now.values), now.units));
  const [lower, upper] = aucInterval({ auc, positives, negatives });
  const error = Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
  return {
    ...name,
    effect: "auc",
    reference: quantileOf(before.values, 0.5),
    current: quantileOf(now.values, 0.5),
    value: auc,
    lower,
    upper,
    pValue: twoSided((auc - 0.5) / error),
    marks: extremesOf(numbers, before.values, auc >= 0.5),
  };
}

/** Marks the numbers beyond nine tenths of the reference, on the side to which they moved. */
export function extremesOf(numbers: Marks, reference: readonly number[], isHigher: boolean): Marks {
  const bound = quantileOf(reference, isHigher ? 0.9 : 0.1);
  const mark = (value: number | null) => (value === null ? null : Number(isHigher ? value > bound : value < bound));
  return { reference: numbers.reference.map(mark), current: numbers.current.map(mark) };
}

function knownOf(marks: readonly (number | null)[], units: readonly string[]) {
  const places = marks.flatMap((mark, at) => (mark === null ? [] : [at]));
  return { values: places.map((at) => marks[at] ?? 0), units: places.map((at) => units[at] ?? "") };
}

/** Places in order. Ties have the first of their places. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const places = new Map<number, number>();
  for (const [place, value] of sorted.entries()) if (!places.has(value)) places.set(value, place);
  return values.map((value) => places.get(value) ?? 0);
}

export const quantileOf = (values: readonly number[], share: number): number =>
  Float64Array.from(values).sort()[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
export const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const twoSided = (z: number) => Math.min(1, 2 * normalCdf(-Math.abs(z)));
