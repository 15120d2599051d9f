import { normalQuantile } from "../distributions/index.ts";
import { signatureOf } from "../measured.ts";
import { checkAlpha } from "../statistics/shared/checks.ts";
import type { Interval } from "../statistics/shared/comparison.ts";
import { wilsonOfRate } from "../statistics/shared/proportions.ts";
import { asShare, type ValueWithInterval } from "./estimate.ts";

/** A judge's verdicts on items that people also labeled: the number of each kind. */
export type JudgeCalibration = {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly falsePositives: number;
};

/**
 * How many of the judged items the judge passed. The items of the calibration are others. Of a weighted sample, these are the
 * effective counts, which need not be whole.
 */
export type JudgedRate = { readonly positives: number; readonly judged: number; readonly alpha?: number };

/** The judge's raw rate and the corrected rate. Null if there is none, with the reason. */
export type CorrectedRate = {
  readonly raw: ValueWithInterval | null;
  readonly sensitivity: ValueWithInterval | null;
  readonly specificity: ValueWithInterval | null;
  readonly corrected: ValueWithInterval | null;
  readonly signature: string;
  readonly reason: string | null;
};

/**
 * Rogan and Gladen's rate (p + specificity − 1) / (sensitivity + specificity − 1), limited to 0 to 1. The interval by
 * Lang and Reiczigel (2014) includes that sensitivity and specificity are estimates. The labels of calibration items
 * must not depend on the judge's verdict. The raw rate, sensitivity and specificity have Wilson's interval.
 */
export function correctedRate({ positives, judged, alpha = 0.05 }: JudgedRate, by: JudgeCalibration): CorrectedRate {
  const signature = signatureOf("rogan_gladen", { interval: "lang-reiczigel", alpha });
  checkAlpha(alpha);
  mustBeCounts({ ...by });
  mustBeSizes({ positives, judged });
  if (positives > judged) throw new RangeError(`${positives} of ${judged} items pass, which cannot be.`);
  const raw = withWilson(positives, judged, alpha);
  const [really, not] = [by.truePositives + by.falseNegatives, by.trueNegatives + by.falsePositives];
  const sensitivity = withWilson(by.truePositives, really, alpha);
  const specificity = withWilson(by.trueNegatives, not, alpha);
  const known = { raw, sensitivity, specificity, signature };
  const open = (reason: string): CorrectedRate => ({ ...known, corrected: null, reason });
  if (!raw) return open("Nothing was judged.");
  if (!sensitivity) return open("No calibration item is positive, so the judge's sensitivity is not known.");
  if (!specificity) return open("No calibration item is negative, so the judge's specificity is not known.");
  if (sensitivity.value + specificity.value <= 1) {
    return open(
      "The judge tells positive from negative items no better than chance, so nothing can be corrected by it.",
    );
  }
  const rates = { p: [positives, judged], se: [by.truePositives, really], sp: [by.trueNegatives, not] } as const;
  const interval = langReiczigel(rates, alpha);
  if (!interval) return open("There are too few calibration items to show that the judge is better than chance.");
  const value = rateOf(raw.value, sensitivity.value, specificity.value);
  return { ...known, corrected: { value: asShare(value), interval }, reason: null };
}

type Counted = readonly [successes: number, trials: number];

/**
 * Agresti and Coull's idea carried over: a few successes and failures more, and a shift towards the middle. Null if the judge is
 * no better than chance with them.
 */
function langReiczigel({ p, se, sp }: { p: Counted; se: Counted; sp: Counted }, alpha: number): Interval | null {
  const z = normalQuantile(1 - alpha / 2);
  const n = p[1] + z * z;
  const [nSe, nSp] = [se[1] + 2, sp[1] + 2];
  const apparent = (p[0] + (z * z) / 2) / n;
  const [sensitivity, specificity] = [(se[0] + 1) / nSe, (sp[0] + 1) / nSp];
  if (sensitivity + specificity <= 1) return null;
  const rate = rateOf(apparent, sensitivity, specificity);
  const ofSe = (sensitivity * (1 - sensitivity)) / nSe;
  const ofSp = (specificity * (1 - specificity)) / nSp;
  const shift = 2 * z * z * (rate * ofSe - (1 - rate) * ofSp);
  const variance = (apparent * (1 - apparent)) / n + rate * rate * ofSe + (1 - rate) ** 2 * ofSp;
  const half = (z * Math.sqrt(variance)) / (sensitivity + specificity - 1);
  return [asShare(rate + shift - half), asShare(rate + shift + half)];
}

function withWilson(successes: number, n: number, alpha: number): ValueWithInterval | null {
  if (n === 0) return null;
  const value = successes / n;
  return { value, interval: wilsonOfRate({ rate: value, n }, alpha) };
}

const rateOf = (apparent: number, sensitivity: number, specificity: number): number =>
  (apparent + specificity - 1) / (sensitivity + specificity - 1);

function mustBeCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`${name} is ${count}. It must be a whole number from 0.`);
  }
}

function mustBeSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isFinite(size) || size < 0) throw new RangeError(`${name} is ${size}. It must be a number from 0.`);
  }
}
