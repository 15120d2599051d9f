import { DENSE_FEATURES, sumCounts, toFeatures } from "./dense-features.ts";
import type { Calibration, Model } from "./model.ts";
import { type Scan, scan, type Unit } from "./scan.ts";

/** A text is scored as a whole up to here. What follows is scored by windows only. */
export const LONGEST_WHOLE = 8000;
/** A longer text is read at its beginning and its end, where attacks are placed. */
export const LONGEST_TEXT = 65_536;
const HEAD = 49_152;
/** Sentences in a window. */
export const WINDOW = 3;

/** A score, and where in the text the window with the highest score lies. */
export type Scored = { readonly score: number; readonly start: number; readonly end: number };
/** Scores before calibration. */
export type Raw = {
  /** Of the whole text. */
  readonly whole: number;
  /** The highest of the windows; null for a text of one window. */
  readonly highest: number | null;
  readonly start: number;
  readonly end: number;
};

const NOTHING: Scored = { score: 0, start: 0, end: 0 };

/** The probability that a text holds an attack, and the place of its most suspicious sentences. */
export function score(model: Model, text: string): Scored {
  if (text.length <= LONGEST_TEXT) return calibrated(model, rawScore(model, text));
  const tail = text.length - (LONGEST_TEXT - HEAD);
  const [first, last] = [score(model, text.slice(0, HEAD)), score(model, text.slice(tail))];
  return first.score >= last.score ? first : { score: last.score, start: last.start + tail, end: last.end + tail };
}

function calibrated(model: Model, raw: Raw | null): Scored {
  if (raw === null) return NOTHING;
  const { whole, highest, start, end } = raw;
  const asPrompt = probability(model.prompts, whole);
  const asWindow = highest === null ? 0 : probability(model.windows, highest);
  return { score: Math.max(asPrompt, asWindow), start, end };
}

/** The calibrated probability of a raw score. */
export function probability({ slope, offset }: Calibration, raw: number): number {
  return 1 / (1 + Math.exp(-(slope * raw + offset)));
}

/** The scores of a text before calibration; null for a text without words. */
export function rawScore(model: Model, text: string): Raw | null {
  const scanned = scan(text);
  const { units } = scanned;
  const [first, last] = [units[0], units.at(-1)];
  if (first === undefined || last === undefined) return null;
  const sums = Float64Array.from(units, (unit) => sumWeights(model, scanned, unit));
  const part = (from: number, to: number) =>
    scorePart(model, { units: units.slice(from, to), sums: sums.subarray(from, to) });
  const wholeEnd = units.findLastIndex(({ start }) => start < LONGEST_WHOLE) + 1;
  const raw = { whole: part(0, wholeEnd), highest: null, start: first.start, end: last.end };
  return units.length <= WINDOW ? raw : { ...raw, ...highestWindow(units, part) };
}

function highestWindow(units: readonly Unit[], part: (from: number, to: number) => number) {
  const windows = units.length - WINDOW + 1;
  let [highest, at] = [-Infinity, 0];
  for (let from = 0; from < windows; from += 1) {
    const raw = part(from, from + WINDOW);
    if (raw > highest) [highest, at] = [raw, from];
  }
  return { highest, start: units[at]?.start ?? 0, end: units[at + WINDOW - 1]?.end ?? 0 };
}

function sumWeights({ weights }: Model, { buckets }: Scan, { from, to }: Unit): number {
  let sum = 0;
  for (let place = from; place < to; place += 1) sum += weights[buckets[place] ?? 0] ?? 0;
  return sum;
}

const sumOfCounts = new Float32Array(DENSE_FEATURES);

/** n-grams count by the root of their number, so that a long text does not outweigh its own words. */
function scorePart(model: Model, { units, sums }: { units: readonly Unit[]; sums: Float64Array }): number {
  let [sum, grams] = [0, 0];
  for (let place = 0; place < units.length; place += 1) {
    const unit = units[place];
    sum += sums[place] ?? 0;
    grams += unit === undefined ? 0 : unit.to - unit.from;
  }
  sumCounts(units, sumOfCounts);
  toFeatures(sumOfCounts);
  let raw = model.bias + (sum * model.scale) / Math.sqrt(Math.max(1, grams));
  for (let place = 0; place < DENSE_FEATURES; place += 1) raw += (model.dense[place] ?? 0) * (sumOfCounts[place] ?? 0);
  return raw;
}
