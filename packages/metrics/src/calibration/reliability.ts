import { sameLength } from "../classification/labels.ts";
import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";

/** How sure each answer was, from 0 to 1, and whether it was right. */
export type Confidences = {
  readonly confidence: readonly number[];
  readonly correct: readonly (boolean | 0 | 1)[];
};

const NO_ANSWER = "There is no answer.";

/** Which bin a confidence on an edge is in: the one below, or the one above. */
export type EdgeRule = "(l,u]" | "[l,u)";

export type BinOptions = { readonly bins?: number; readonly edges?: EdgeRule };

/** A bar of a reliability diagram; the means are null where the bin is empty. */
export type ReliabilityBin = {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly confidence: number | null;
  readonly accuracy: number | null;
};

/**
 * Bins of equal width over 0 to 1, fifteen and (l,u] by themselves (Guo et al. 2017). The edges are i·(1/bins), as
 * NumPy's linspace makes them, so with ten bins 0.7 lies below the edge 0.7000000000000001. 0 is always in the first
 * bin and 1 in the last.
 */
export function reliabilityBins(answers: Confidences, options: BinOptions = {}): ReliabilityBin[] {
  const { bins = 15, edges = "(l,u]" } = options;
  mustBeCount(bins);
  mustBeConfidences(answers);
  const borders = Array.from({ length: bins + 1 }, (_, at) => (at === bins ? 1 : at * (1 / bins)));
  const members = borders.slice(1).map((): number[] => []);
  for (const [at, confidence] of answers.confidence.entries()) members[binOf(confidence, borders, edges)]?.push(at);
  return members.map((places, at) => barOf(answers, places, [borders[at] ?? 0, borders[at + 1] ?? 1]));
}

/**
 * Bins that hold as many answers each, as nearly as can be. Answers of one confidence stay together, in the bin of the
 * first of them, so that the order of the answers does not matter. A bin that is empty for it is left out.
 */
export function adaptiveBins(answers: Confidences, bins = 15): ReliabilityBin[] {
  mustBeCount(bins);
  mustBeConfidences(answers);
  const { confidence } = answers;
  const order = Array.from(confidence.keys()).sort((a, b) => (confidence[a] ?? 0) - (confidence[b] ?? 0));
  const members = Array.from({ length: bins }, (): number[] => []);
  let bin = 0;
  for (const [place, at] of order.entries()) {
    const before = order[place - 1];
    const isNew = before === undefined || confidence[before] !== confidence[at];
    if (isNew) bin = shareOf(place, order.length, bins);
    members[bin]?.push(at);
  }
  return members
    .filter((places) => places.length > 0)
    .map((places) => {
      const own = places.map((at) => confidence[at] ?? 0);
      return barOf(answers, places, [own[0] ?? 0, own.at(-1) ?? 1]);
    });
}

/** Σ (bin's share)·|accuracy − confidence| over bins of equal width. */
export function expectedCalibrationError(answers: Confidences, options: BinOptions = {}): Measured {
  const { bins = 15, edges = "(l,u]" } = options;
  return errorOf(reliabilityBins(answers, options), signatureOf("ece", { bins, edges }));
}

/**
 * One answer's part of the error: for each bin how many answers it has, the sum of their confidences and how many of
 * them are right. The stats of many add up.
 */
export function calibrationStats(confidence: number, correct: boolean | 0 | 1, options: BinOptions = {}): number[] {
  const bins = reliabilityBins({ confidence: [confidence], correct: [correct] }, options);
  return bins.flatMap(({ count }) => [count, count * confidence, count * Number(correct)]);
}

/**
 * The expected calibration error of the answers whose stats add up to `sum`. The options are the options of the stats.
 */
export function calibrationErrorFromStats(sum: readonly number[], options: BinOptions = {}): Measured {
  const { bins = 15, edges = "(l,u]" } = options;
  if (sum.length !== bins * 3) throw new RangeError(`${bins} bins have ${bins * 3} stats, not ${sum.length}.`);
  const signature = signatureOf("ece", { bins, edges });
  const places = Array.from({ length: bins }, (_, bin) => bin * 3);
  const total = places.reduce((all, at) => all + (sum[at] ?? 0), 0);
  if (total === 0) return undefinedBecause(NO_ANSWER, signature);
  const apart = places.map((at) => Math.abs((sum[at + 2] ?? 0) - (sum[at + 1] ?? 0)));
  return defined(apart.reduce((all, one) => all + one, 0) / total, signature);
}

/** Σ (bin's share)·|accuracy − confidence| over bins of equal count. */
export function adaptiveCalibrationError(answers: Confidences, bins = 15): Measured {
  return errorOf(adaptiveBins(answers, bins), signatureOf("adaptive_ece", { bins, ties: "together" }));
}

/** Throws where a confidence is no number from 0 to 1 or the columns differ in length. */
export function mustBeConfidences({ confidence, correct }: Confidences): void {
  sameLength("The confidences and what was right", confidence, correct);
  const wrong = confidence.findIndex((one) => !(one >= 0 && one <= 1));
  if (wrong >= 0) throw new RangeError(`Confidence ${wrong} is ${confidence[wrong]}. It must lie between 0 and 1.`);
}

function errorOf(bins: readonly ReliabilityBin[], signature: string): Measured {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefinedBecause(NO_ANSWER, signature);
  const error = bins.reduce((sum, { count, accuracy, confidence }) => {
    return accuracy === null || confidence === null ? sum : sum + (count / total) * Math.abs(accuracy - confidence);
  }, 0);
  return defined(error, signature);
}

function mustBeCount(bins: number): void {
  if (!Number.isInteger(bins) || bins < 1) throw new RangeError(`${bins} is no number of bins. Give 1 or more.`);
}

/** The bin by search: dividing by the width would put a confidence on the wrong side of an edge. */
function binOf(confidence: number, borders: readonly number[], edges: EdgeRule): number {
  let [low, high] = [0, borders.length - 2];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const upper = borders[middle + 1] ?? 1;
    const isBelow = edges === "(l,u]" ? confidence <= upper : confidence < upper;
    if (isBelow) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** As many in each share, the first ones one more where it does not come out even. */
function shareOf(place: number, total: number, bins: number): number {
  const [size, larger] = [Math.floor(total / bins), total % bins];
  const inLarger = larger * (size + 1);
  return place < inLarger ? Math.floor(place / (size + 1)) : larger + Math.floor((place - inLarger) / size);
}

function barOf(answers: Confidences, places: readonly number[], [lower, upper]: [number, number]): ReliabilityBin {
  const count = places.length;
  if (count === 0) return { lower, upper, count, confidence: null, accuracy: null };
  const confidence = places.reduce((sum, at) => sum + (answers.confidence[at] ?? 0), 0) / count;
  const accuracy = places.reduce((sum, at) => sum + Number(answers.correct[at]), 0) / count;
  return { lower, upper, count, confidence, accuracy };
}
