import {
  type ArmDifference,
  createRandom,
  errorShareEvidence,
  LEAST_UNITS,
  type Random,
  unitsUntilBelow,
} from "@treadle/metrics";
import type { ArmCounts } from "../../comparisons/index.ts";

type Arms = {
  /** The candidate's share of the units of both arms. */
  readonly share: number;
  readonly alpha: number;
};

const EXPERIMENTS = 401;
/** More bad units than this are not drawn. */
const MOST_BAD = 3_000;

/**
 * How many units of both arms find half of the candidates with twice the rate of bad units, from simulated rollouts that
 * are looked at after each bad unit. null if the control has no bad unit, or if half of them take too many.
 */
export function unitsToFindDouble({ units, flagged }: ArmCounts, { share, alpha }: Arms): number | null {
  if (units === 0 || flagged === 0) return null;
  const rate = flagged / units;
  const doubled = Math.min(1, 2 * rate);
  const perUnit = share * doubled + (1 - share) * rate;
  const random = createRandom(2_029);
  const ofCandidate = (share * doubled) / perUnit;
  const leastFor = alarmsAt({ share, alpha });
  const found = Array.from({ length: EXPERIMENTS }, () => badUntilAlarm(random, ofCandidate, leastFor));
  const half = found.sort((one, other) => one - other)[(EXPERIMENTS - 1) / 2] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(half) ? Math.ceil(half / perUnit) : null;
}

function badUntilAlarm(random: Random, ofCandidate: number, leastFor: (all: number) => number): number {
  let mine = 0;
  for (let all = 1; all <= MOST_BAD; all += 1) {
    if (random.next() < ofCandidate) mine += 1;
    if (mine >= leastFor(all)) return all;
  }
  return Number.POSITIVE_INFINITY;
}

/** The fewest bad units of the candidate that are evidence, among all bad units. It hardly grows from one to the next. */
function alarmsAt({ share, alpha }: Arms): (all: number) => number {
  const line = Math.log(1 / alpha);
  const least: number[] = [1];
  return (all) => {
    for (let next = least.length; next <= all; next += 1) {
      let mine = least[next - 1] ?? 1;
      while (mine <= next && errorShareEvidence([{ treatment: mine, all: next, share }]) < line) mine += 1;
      least.push(mine);
    }
    return least[all] ?? Number.POSITIVE_INFINITY;
  };
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
