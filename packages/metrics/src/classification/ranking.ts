import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { type Label, sameLength } from "./labels.ts";
import type { ClassForecast } from "./probabilities.ts";

/** What is true and a score that is higher the more it was thought to be. */
export type ScoredTruth = {
  readonly actual: readonly (boolean | 0 | 1)[];
  readonly score: readonly number[];
};

/** What is counted when everything that scores at least `threshold` is taken. */
export type Cut = {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
};

const NO_POSITIVE = "Nothing is positive.";

/** The counts at each score that occurs, the highest first. Items of one score are taken together. */
export function cutsOf({ actual, score }: ScoredTruth): Cut[] {
  sameLength("What is true and the scores", actual, score);
  if (score.some(Number.isNaN)) throw new RangeError("A score is NaN.");
  const order = Array.from(score.keys()).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0));
  const cuts: Cut[] = [];
  let [truePositives, falsePositives] = [0, 0];
  for (const [place, at] of order.entries()) {
    if (actual[at]) truePositives += 1;
    else falsePositives += 1;
    const next = order[place + 1];
    const threshold = score[at] ?? 0;
    if (next === undefined || score[next] !== threshold) cuts.push({ threshold, truePositives, falsePositives });
  }
  return cuts;
}

/** The probability that a positive item scores above a negative one; equal scores count half. */
export function rocAuc(scored: ScoredTruth): Measured {
  const signature = signatureOf("roc_auc", { classes: 2 });
  const { area, positives, negatives } = areaOf(cutsOf(scored));
  if (positives === 0) return undefinedBecause(NO_POSITIVE, signature);
  if (negatives === 0) return undefinedBecause("Nothing is negative.", signature);
  return defined(area / (positives * negatives), signature);
}

/** The area for each label against all others, averaged over labels alike or by how often each is there. */
export function rocAucOneVersusRest(forecast: ClassForecast, average: "macro" | "weighted"): Measured {
  const signature = signatureOf("roc_auc", { classes: forecast.labels.length, multi: "ovr", average });
  const areas = forecast.labels.map((label, column) => ({
    label,
    weight: average === "macro" ? 1 : forecast.actual.filter((actual) => actual === label).length,
    area: rocAuc(columnOf(forecast, label, column)).value,
  }));
  const open = areas.find(({ area }) => area === null);
  if (open) {
    return undefinedBecause(`No item, or every item, is labelled ${JSON.stringify(open.label)}.`, signature);
  }
  const weights = areas.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return undefinedBecause("There is no label.", signature);
  return defined(areas.reduce((sum, { weight, area }) => sum + weight * (area ?? 0), 0) / weights, signature);
}

/** Σ (Rₙ − Rₙ₋₁)·Pₙ over the scores that occur, without interpolation. */
export function averagePrecision(scored: ScoredTruth): Measured {
  const signature = signatureOf("average_precision", { interpolation: "none" });
  const cuts = cutsOf(scored);
  const positives = cuts.at(-1)?.truePositives ?? 0;
  if (positives === 0) return undefinedBecause(NO_POSITIVE, signature);
  let [sum, before] = [0, 0];
  for (const { truePositives, falsePositives } of cuts) {
    const recall = truePositives / positives;
    sum += (recall - before) * (truePositives / (truePositives + falsePositives));
    before = recall;
  }
  return defined(sum, signature);
}

/** Counts whole and half pairs, so that nothing is rounded before the last division. */
function areaOf(cuts: readonly Cut[]): { area: number; positives: number; negatives: number } {
  let [area, positives, negatives] = [0, 0, 0];
  for (const { truePositives, falsePositives } of cuts) {
    area += ((falsePositives - negatives) * (truePositives + positives)) / 2;
    [positives, negatives] = [truePositives, falsePositives];
  }
  return { area, positives, negatives };
}

function columnOf({ actual, probabilities }: ClassForecast, label: Label, column: number): ScoredTruth {
  return {
    actual: actual.map((one) => one === label),
    score: probabilities.map((row) => row[column] ?? Number.NaN),
  };
}
