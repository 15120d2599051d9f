import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { type Label, sameLength } from "./labels.ts";

/** The truth (1 or true) and its predicted probability, from 0 to 1. */
export type BinaryForecast = {
  readonly actual: readonly (boolean | 0 | 1)[];
  readonly probability: readonly number[];
};

/** The label of each item and a row of probabilities over `labels`, in that order. */
export type ClassForecast = {
  readonly actual: readonly Label[];
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly Label[];
};

const SMALLEST = Number.EPSILON;
const NO_ITEM = "There is no item.";

/** The mean of −ln p of the truth. Probabilities are limited to ε = 2⁻⁵² from 0 and 1, as in scikit-learn. */
export function logLoss(forecast: BinaryForecast | ClassForecast): Measured {
  const signature = signatureOf("log_loss", { classes: classesOf(forecast), clip: "2^-52" });
  return meanOf(forecast, signature, (row, truth) => -Math.log(clipped(row[truth] ?? 0)));
}

/**
 * The mean squared distance of the probabilities from what is true: (p − y)² for two classes, the sum over classes for
 * more. `scale` says so in the signature.
 */
export function brierScore(forecast: BinaryForecast | ClassForecast): Measured {
  const classes = classesOf(forecast);
  const half = classes <= 2;
  const signature = signatureOf("brier", { classes, scale: half ? "half" : "sum" });
  return meanOf(forecast, signature, (row, truth) => {
    const sum = row.reduce((all, share, at) => all + ((at === truth ? 1 : 0) - share) ** 2, 0);
    return half ? sum / 2 : sum;
  });
}

type Loss = (row: readonly number[], truth: number) => number;

function meanOf(forecast: BinaryForecast | ClassForecast, signature: string, loss: Loss): Measured {
  const losses = "labels" in forecast ? classLosses(forecast, loss) : binaryLosses(forecast, loss);
  if (losses.length === 0) return undefinedBecause(NO_ITEM, signature);
  return defined(losses.reduce((sum, one) => sum + one, 0) / losses.length, signature);
}

function binaryLosses({ actual, probability }: BinaryForecast, loss: Loss): number[] {
  sameLength("What is true and the probabilities", actual, probability);
  return probability.map((share, at) => {
    mustBeShare(share, at);
    return loss([1 - share, share], Number(actual[at]));
  });
}

function classLosses({ actual, probabilities, labels }: ClassForecast, loss: Loss): number[] {
  sameLength("The labels and the rows of probabilities", actual, probabilities);
  const place = new Map(labels.map((label, at) => [label, at]));
  return probabilities.map((row, at) => {
    sameLength(`Row ${at} and the labels`, row, labels);
    for (const share of row) mustBeShare(share, at);
    const sum = row.reduce((all, share) => all + share, 0);
    if (Math.abs(sum - 1) > 1e-6) throw new RangeError(`The probabilities of row ${at} add up to ${sum}, not to 1.`);
    const label = actual[at] ?? "";
    const truth = place.get(label);
    if (truth === undefined) throw new RangeError(`The label ${JSON.stringify(label)} is not among those given.`);
    return loss(row, truth);
  });
}

function mustBeShare(share: number, at: number): void {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`Row ${at} holds ${share}, which is no probability.`);
}

const clipped = (share: number): number => Math.min(1 - SMALLEST, Math.max(SMALLEST, share));

const classesOf = (forecast: BinaryForecast | ClassForecast): number =>
  "labels" in forecast ? forecast.labels.length : 2;
