import { type ArmDifference, errorShareEvidence, LEAST_UNITS, unitsUntilBelow } from "@treadle/metrics";
import type { ArmCounts } from "./counts.ts";

type Arms = {
  /** The candidate's share of the units of both arms. */
  readonly share: number;
  readonly alpha: number;
};

/** More bad units than this are not searched. */
const MOST_BAD = 1_000_000;

/**
 * About how many units of both arms find a candidate with twice the rate of bad units: where the evidence of the expected
 * counts reaches its line. null if the control has no bad unit.
 */
export function unitsToFindDouble({ units, flagged }: ArmCounts, { share, alpha }: Arms): number | null {
  if (units === 0 || flagged === 0) return null;
  const rate = flagged / units;
  const doubled = Math.min(1, 2 * rate);
  const perUnit = share * doubled + (1 - share) * rate;
  const ofCandidate = (share * doubled) / perUnit;
  const isFound = (bad: number) =>
    errorShareEvidence([{ treatment: Math.round(bad * ofCandidate), all: bad, share }]) >= Math.log(1 / alpha);
  let [low, high] = [0, 1];
  while (!isFound(high)) {
    if (high > MOST_BAD) return null;
    [low, high] = [high, high * 2];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isFound(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high / perUnit);
}

type Safety = Arms & { readonly margin: number; readonly tunedFor: number; readonly isRelative: boolean };

/** About how many units of both arms show that an equal candidate's harm lies below the margin. null without values. */
export function unitsToShowSafe(
  counts: ArmCounts,
  { share, alpha, margin, tunedFor, isRelative }: Safety,
): number | null {
  const { units, sum, squares } = counts;
  if (units < 2) return null;
  const mean = sum / units;
  if (isRelative && mean === 0) return null;
  const scale = isRelative ? mean : 1;
  const variance = Math.max((squares - sum * mean) / (units - 1), (margin * scale) ** 2 / units);
  const least = Math.ceil(LEAST_UNITS / Math.min(share, 1 - share));
  const standardError = Math.sqrt(variance * (1 / (least * share) + 1 / (least * (1 - share)))) / scale;
  const found: ArmDifference = { n: least, difference: 0, standardError };
  const more = unitsUntilBelow(found, margin, { alpha, tunedFor });
  return more === null ? null : least + more;
}
