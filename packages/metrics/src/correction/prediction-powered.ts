import { sameLength } from "../classification/labels.ts";
import { normalQuantile, studentTQuantile } from "../distributions/index.ts";
import { signatureOf } from "../measured.ts";
import { scoreInterval, scoreSpread } from "../statistics/intervals/score-interval.ts";
import { checkAlpha } from "../statistics/shared/checks.ts";
import type { Interval } from "../statistics/shared/comparison.ts";
import type { ValueWithInterval } from "./estimate.ts";

/**
 * Scores of people and of the judge for the same items, and the judge's alone for others. The labelled items must be
 * drawn by chance from the same source as the others: a choice of hard ones makes the result wrong.
 */
export type JudgedScores = {
  readonly labels: readonly number[];
  readonly judgedLabelled: readonly number[];
  readonly judgedOnly: readonly number[];
};

export type PredictionPoweredOptions = {
  /** How far the judge is relied on: wholly ("ppi"), or as far as it makes the interval narrower ("ppi++"). */
  readonly tuning?: "ppi" | "ppi++";
  /**
   * The default is `adjusted`, for few labels. `normal` is the interval of the authors' package. With fewer than about
   * 100 labels, it contains the true mean less often than stated.
   */
  readonly interval?: "adjusted" | "normal";
  readonly alpha?: number;
};

/** With fewer labels the adjusted interval is not known to hold the true mean as often as it says. */
export const LEAST_LABELS = 20;

/** The mean as the judge has it, as the labels alone have it, and as both together have it. */
export type PredictionPowered = {
  readonly raw: ValueWithInterval | null;
  readonly labelled: ValueWithInterval | null;
  readonly corrected: ValueWithInterval | null;
  /** From 0, the labels alone, to 1, the judge in full. */
  readonly reliance: number | null;
  readonly signature: string;
  readonly reason: string | null;
};

/**
 * Prediction-powered inference of a mean: the judge's mean over many items, corrected by its errors on labeled items
 * (Angelopoulos et al. 2023), with power tuning (PPI++). The adjusted interval uses Student's t and unbiased variances.
 * For pass or fail, it adds one error of each kind to the labels, because few labels show none.
 */
export function predictionPoweredMean(scores: JudgedScores, options: PredictionPoweredOptions = {}): PredictionPowered {
  const { tuning = "ppi++", alpha = 0.05, interval: kind = "adjusted" } = options;
  checkScores(scores);
  checkAlpha(alpha);
  const { labels, judgedLabelled, judgedOnly } = scores;
  const isAdjusted = kind === "adjusted";
  const z = normalQuantile(1 - alpha / 2);
  const signature = signatureOf("prediction_powered_mean", { tuning, interval: kind, alpha });
  const ofMean = (values: readonly number[]) => (isAdjusted ? shownWithin(values, alpha) : meanWithin(values, z));
  const open = {
    raw: ofMean([...judgedLabelled, ...judgedOnly]),
    labelled: ofMean(labels),
    corrected: null,
    reliance: null,
    signature,
  };
  const least = isAdjusted ? LEAST_LABELS : 2;
  if (labels.length < least)
    return { ...open, reason: `The correction needs ${least} labelled items or more, and there are ${labels.length}.` };
  if (judgedOnly.length < 2) return { ...open, reason: "There are fewer than two items that only the judge scored." };
  const pairs = isAdjusted && isPassOrFail(scores) ? withMistakes(scores) : scores;
  const reliance = tuning === "ppi" ? 1 : bestReliance({ ...pairs, judgedOnly });
  const errors = errorsOf(pairs, reliance);
  const moved = reliance * meanOf(judgedOnly);
  const ofErrors = isAdjusted ? (varianceOf(errors) * errors.length) / (errors.length - 1) : varianceOf(errors);
  const variance = (reliance * reliance * varianceOf(judgedOnly)) / judgedOnly.length + ofErrors / labels.length;
  const half = (isAdjusted ? studentTQuantile(1 - alpha / 2, labels.length - 2) : z) * Math.sqrt(variance);
  const centre = moved + meanOf(errors);
  const range = isAdjusted ? rangeOf(scores) : ANY;
  const interval = [inside(centre - half, range), inside(centre + half, range)] as const;
  const value = inside(moved + meanOf(errorsOf(scores, reliance)), range);
  return { ...open, corrected: { value, interval }, reliance, reason: null };
}

const errorsOf = ({ labels, judgedLabelled }: JudgedScores, reliance: number): number[] =>
  labels.map((label, at) => label - reliance * (judgedLabelled[at] ?? 0));

function checkScores({ labels, judgedLabelled, judgedOnly }: JudgedScores): void {
  sameLength("The labels and the judge's scores of the same items", labels, judgedLabelled);
  for (const score of [...labels, ...judgedLabelled, ...judgedOnly]) {
    if (!Number.isFinite(score)) throw new RangeError(`${score} is no score: it must be a finite number.`);
  }
}

const isPassOrFail = ({ labels, judgedLabelled, judgedOnly }: JudgedScores): boolean =>
  [labels, judgedLabelled, judgedOnly].every((values) => values.every((value) => value === 0 || value === 1));

/** With an item more that people pass and the judge fails, and one the other way round. */
const withMistakes = ({ labels, judgedLabelled, judgedOnly }: JudgedScores): JudgedScores => ({
  labels: [...labels, 1, 0],
  judgedLabelled: [...judgedLabelled, 0, 1],
  judgedOnly,
});

const ANY: Interval = [-Infinity, Infinity];
const rangeOf = (scores: JudgedScores): Interval => (isPassOrFail(scores) ? [0, 1] : ANY);
const inside = (value: number, [least, most]: Interval): number => Math.min(most, Math.max(least, value));

function shownWithin(values: readonly number[], alpha: number): ValueWithInterval | null {
  const spread = scoreSpread(values.map((value) => [value]));
  const interval = spread && scoreInterval(spread, { alpha });
  return spread && interval && { value: spread.mean, interval };
}

/** The reliance of the narrowest interval, within 0 and 1. A judge that always says the same is not relied on. */
function bestReliance({ labels, judgedLabelled, judgedOnly }: JudgedScores): number {
  const all = [...judgedLabelled, ...judgedOnly];
  const spread = (varianceOf(all) * all.length) / (all.length - 1);
  if (spread === 0) return 0;
  const [meanLabel, meanJudged] = [meanOf(labels), meanOf(judgedLabelled)];
  const products = labels.map((label, at) => (label - meanLabel) * ((judgedLabelled[at] ?? 0) - meanJudged));
  const best = meanOf(products) / ((1 + labels.length / judgedOnly.length) * spread);
  return Math.min(1, Math.max(0, best));
}

function meanWithin(values: readonly number[], z: number): ValueWithInterval | null {
  if (values.length < 2) return null;
  const value = meanOf(values);
  const half = z * Math.sqrt(varianceOf(values) / values.length);
  return { value, interval: [value - half, value + half] };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
