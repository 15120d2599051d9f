import { sameLength } from "../classification/labels.ts";
import { type Confidences, mustBeConfidences } from "./reliability.ts";

/** The scores of each answer before the softmax, and the place of the true class in each. */
export type Logits = {
  readonly logits: readonly (readonly number[])[];
  readonly actual: readonly number[];
};

/**
 * The temperature that makes the truth most likely, and the mean −ln p of the truth without it and with it. It is null,
 * with the reason, where no finite one is best.
 */
export type TemperatureFit = {
  readonly temperature: number | null;
  readonly lossBefore: number | null;
  readonly lossAfter: number | null;
  readonly reason: string | null;
};

/**
 * Fits softmax(logits / T) (Guo et al. 2017). The loss is convex in 1/T, so its slope has one root, found by bisection
 * to the last bit. Fit it on answers that are used for nothing else.
 */
export function fitTemperature(answers: Logits): TemperatureFit {
  mustBeLogits(answers);
  if (answers.logits.length === 0) return open("There is no answer.");
  if (slopeAt(answers, 0) >= 0)
    return open("The scores do not point to the truth, so no temperature makes them better.");
  if (!answers.logits.some((row, at) => Math.max(...row) > truthOf(row, answers.actual[at]))) {
    return open("Every answer is right, so the lowest temperature is always better. Add answers that are wrong.");
  }
  let [low, high] = [0, 1];
  while (slopeAt(answers, high) < 0) [low, high] = [high, high * 2];
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (slopeAt(answers, middle) < 0) low = middle;
    else high = middle;
  }
  return { temperature: 1 / high, lossBefore: lossAt(answers, 1), lossAfter: lossAt(answers, high), reason: null };
}

/** The temperature for single confidences: the temperature of the two scores 0 and ln(c / (1 − c)). */
export function fitConfidenceTemperature(answers: Confidences): TemperatureFit {
  mustBeConfidences(answers);
  return fitTemperature({
    logits: answers.confidence.map((confidence) => [0, logitOf(confidence)]),
    actual: answers.correct.map(Number),
  });
}

/** A confidence as it is after its temperature. */
export function atTemperature(confidence: number, temperature: number): number {
  if (!(temperature > 0)) throw new RangeError(`The temperature is ${temperature}. It must be more than 0.`);
  return 1 / (1 + Math.exp(-logitOf(confidence) / temperature));
}

const open = (reason: string): TemperatureFit => ({ temperature: null, lossBefore: null, lossAfter: null, reason });

/** The mean of what the softmax expects of the scores less the score of the truth: the slope of the loss in 1/T. */
function slopeAt({ logits, actual }: Logits, inverse: number): number {
  let sum = 0;
  for (const [at, row] of logits.entries()) {
    const top = Math.max(...row);
    let [weight, weighted] = [0, 0];
    for (const logit of row) {
      const share = Math.exp((logit - top) * inverse);
      weight += share;
      weighted += share * logit;
    }
    sum += weighted / weight - truthOf(row, actual[at]);
  }
  return sum / logits.length;
}

function lossAt({ logits, actual }: Logits, inverse: number): number {
  const losses = logits.map((row, at) => {
    const top = Math.max(...row);
    const weight = row.reduce((sum, logit) => sum + Math.exp((logit - top) * inverse), 0);
    return Math.log(weight) - (truthOf(row, actual[at]) - top) * inverse;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function truthOf(row: readonly number[], place: number | undefined): number {
  return row[place ?? 0] ?? 0;
}

/** Kept ε = 2⁻⁵² away from 0 and 1, where it would be infinite. */
function logitOf(confidence: number): number {
  const clipped = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, confidence));
  return Math.log(clipped) - Math.log1p(-clipped);
}

function mustBeLogits({ logits, actual }: Logits): void {
  sameLength("The rows of scores and the true classes", logits, actual);
  for (const [at, row] of logits.entries()) {
    if (!row.every(Number.isFinite)) throw new RangeError(`Row ${at} holds a score that is not finite.`);
    if (row[actual[at] ?? -1] === undefined) throw new RangeError(`Row ${at} has no class ${actual[at]}.`);
  }
}
