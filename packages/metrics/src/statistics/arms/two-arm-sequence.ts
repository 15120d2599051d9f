import { alwaysValid, alwaysValidTuning, type Peek } from "../sequences/always-valid.ts";
import { checkAlpha } from "../shared/checks.ts";
import type { ArmDifference } from "./arm.ts";

export type SequenceOptions = {
  /** 0.05 when left out. */
  readonly alpha?: number;
  /** Units of both arms together at which the interval is narrowest; 5,000 when left out. It must not change within an experiment. */
  readonly tunedFor?: number;
};

export type OneSidedPeek = {
  /** The true difference lies above it, at every look, in 1 − alpha of experiments. */
  readonly lowerBound: number;
  /** At least 1 / alpha is evidence that the difference is above 0. */
  readonly eValue: number;
};

/**
 * The always-valid interval of a difference of two arms of any sizes (Waudby-Smith et al. 2021, eq. 9 and 155, as in
 * GrowthBook): looked at after each unit, it leaves out the truth at any look in at most alpha of experiments. It is
 * asymptotic: wait for about 100 units in each arm. null without spread, and below 100 units of both.
 */
export const twoArmSequence = (
  { n, difference, standardError }: ArmDifference,
  options: SequenceOptions = {},
): Peek | null => alwaysValid({ n, mean: difference, variance: standardError ** 2 * n }, options);

/**
 * The same with one side (eq. 134): narrower where only harm matters. For a difference below 0, turn its sign. alpha is
 * below 0.5. null without spread.
 */
export function oneSidedSequence(
  found: ArmDifference,
  { alpha = 0.05, tunedFor = 5_000 }: SequenceOptions = {},
): OneSidedPeek | null {
  checkOneSided(alpha);
  if (!(found.standardError > 0)) return null;
  const { scale, exponent, root } = parts(found, alwaysValidTuning(2 * alpha, tunedFor));
  return {
    lowerBound: found.difference - scale * Math.sqrt(Math.log(1 + root / (2 * alpha))),
    eValue: found.difference > 0 ? (2 * Math.expm1(exponent)) / root : 0,
  };
}

/** More traffic than anybody has: a margin that needs it is never reached. */
const MOST_UNITS = 1e15;

/**
 * About how many more units, of both arms together, bring the one-sided bound of a harm below `margin`, if harm and
 * spread stay as they are. 0 if it is there already; null if the harm is at or above the margin, without spread, or if it
 * takes more than 10¹⁵ units.
 */
export function unitsUntilBelow(
  found: ArmDifference,
  margin: number,
  { alpha = 0.05, tunedFor = 5_000 }: SequenceOptions = {},
): number | null {
  checkOneSided(alpha);
  const room = margin - found.difference;
  if (!(found.standardError > 0 && room > 0)) return null;
  const rho = alwaysValidTuning(2 * alpha, tunedFor);
  const isThere = (n: number) => {
    const later = { ...found, n, standardError: found.standardError * Math.sqrt(found.n / n) };
    const { scale, root } = parts(later, rho);
    return scale * Math.sqrt(Math.log(1 + root / (2 * alpha))) <= room;
  };
  if (isThere(found.n)) return 0;
  let [low, high] = [found.n, found.n * 2];
  while (!isThere(high)) {
    if (high > MOST_UNITS) return null;
    [low, high] = [high, high * 2];
  }
  while (high - low > Math.max(1, low * 1e-3)) {
    const middle = Math.floor((low + high) / 2);
    if (isThere(middle)) high = middle;
    else low = middle;
  }
  return high - found.n;
}

/** With N units, their variance s² = se²·N, and N·ρ² + 1 = `root`²: the width without its logarithm, and the evidence's exponent. */
function parts({ n, difference, standardError }: ArmDifference, rho: number) {
  const grown = n * rho * rho + 1;
  return {
    root: Math.sqrt(grown),
    scale: standardError * Math.sqrt(n) * Math.sqrt((2 * grown) / (n * rho) ** 2),
    exponent: (rho * rho * n * (difference / standardError) ** 2) / (2 * grown),
  };
}

function checkOneSided(alpha: number) {
  checkAlpha(alpha);
  if (alpha >= 0.5) throw new RangeError(`alpha is ${alpha}: give a share below 0.5 for one side.`);
}
