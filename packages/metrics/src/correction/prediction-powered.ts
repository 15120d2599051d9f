import { sameLength } from "../classification/labels.ts";
import { normalQuantile } from "../distributions/index.ts";
import { signatureOf } from "../measured.ts";
import { checkAlpha } from "../statistics/checks.ts";
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
  readonly alpha?: number;
};

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
 * Prediction-powered inference of a mean: the judge's mean over many items, moved by what it gets wrong on the
 * labelled ones (Angelopoulos et al. 2023), with power tuning (PPI++) by itself. Intervals are normal, of variances by
 * n, as in the authors' package; they want some thirty labels or more.
 */
export function predictionPoweredMean(scores: JudgedScores, options: PredictionPoweredOptions = {}): PredictionPowered {
  const { tuning = "ppi++", alpha = 0.05 } = options;
  const { labels, judgedLabelled, judgedOnly } = scores;
  sameLength("The labels and the judge's scores of the same items", labels, judgedLabelled);
  checkAlpha(alpha);
  for (const score of [...labels, ...judgedLabelled, ...judgedOnly]) {
    if (!Number.isFinite(score)) throw new RangeError(`${score} is no score: it must be a finite number.`);
  }
  const z = normalQuantile(1 - alpha / 2);
  const signature = signatureOf("prediction_powered_mean", { tuning, alpha });
  const raw = meanWithin([...judgedLabelled, ...judgedOnly], z);
  const labelled = meanWithin(labels, z);
  const open = { raw, labelled, corrected: null, reliance: null, signature };
  if (labels.length < 2) return { ...open, reason: "There are fewer than two labelled items." };
  if (judgedOnly.length < 2) return { ...open, reason: "There are fewer than two items that only the judge scored." };
  const reliance = tuning === "ppi" ? 1 : bestReliance(scores);
  const errors = labels.map((label, at) => label - reliance * (judgedLabelled[at] ?? 0));
  const value = reliance * meanOf(judgedOnly) + meanOf(errors);
  const variance =
    (reliance * reliance * varianceOf(judgedOnly)) / judgedOnly.length + varianceOf(errors) / labels.length;
  const half = z * Math.sqrt(variance);
  return {
    raw,
    labelled,
    corrected: { value, interval: [value - half, value + half] },
    reliance,
    signature,
    reason: null,
  };
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
