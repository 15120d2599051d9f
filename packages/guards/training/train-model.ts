import type { Model } from "../src/injection/model.ts";
import { type Corpus, examplesWithout, hardNegatives, toCorpus } from "./corpus.ts";
import { thresholdAt } from "./evaluate.ts";
import { FIT, type FitOptions, type Fitted, fit, quantize } from "./fit.ts";
import { bySource, calibrateFolds, type Fold, measureFolds, measureTexts } from "./folds.ts";
import type { Data } from "./texts.ts";

export const PUBLISHED_SHARE = 0.01;
export const STRICT_SHARE = 0.001;

export type Trained = {
  readonly model: Model;
  /** The model before it is rounded to bytes. */
  readonly exact: Fitted;
  readonly corpus: Corpus;
  readonly folds: readonly Fold[];
  /** The thresholds at 1 % and at .1 % of ordinary texts. */
  readonly thresholds: readonly [number, number];
};

/** Trains the model, calibrates it on sources that were held out, and chooses its thresholds on ordinary texts. */
export function trainModel(data: Data, options: FitOptions = FIT): Trained {
  const ordinary = data.texts.filter(({ role }) => role === "ordinary");
  const first = toCorpus(data);
  const hard = hardNegatives(first, fit(examplesWithout(first, null), options));
  const corpus = { ...first, benign: [...first.benign, ...hard] };
  const folds = measureFolds(corpus, ordinary, options);
  const calibrations = calibrateFolds(folds);
  const exact = fit(examplesWithout(corpus, null), options);
  const fitted = quantize(exact);
  const scores = bySource(measureTexts(fitted, ordinary), calibrations);
  const thresholds = [thresholdAt(scores, PUBLISHED_SHARE), thresholdAt(scores, STRICT_SHARE)] as const;
  return { model: { ...fitted, ...calibrations, threshold: thresholds[0] }, exact, corpus, folds, thresholds };
}
