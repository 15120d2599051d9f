import type { Random } from "@treadle/metrics";
import type { FirstToken } from "../stores/probe-values.ts";

/** The log-probabilities of the first token over repeated calls with one prompt. */
export type LogprobPair = { readonly reference: readonly FirstToken[]; readonly current: readonly FirstToken[] };

const PERMUTATIONS = 4_999;
/** More past calls would change little, and take longer. */
const MOST_REFERENCE = 100;

/**
 * The factor (an e-value) of new log-probabilities. The p-value is the share of permutations within each prompt whose mean
 * log-probabilities are at least as far apart, and 1 / (2√p) makes it an e-value, at most 35. Null without both sides.
 */
export function logprobFactor(pairs: readonly LogprobPair[], random: Random): number | null {
  const pValue = logprobPValue(pairs, random);
  return pValue === null ? null : 1 / (2 * Math.sqrt(pValue));
}

/** The p-value of a permutation test, (1 + c) / (1 + permutations). */
export function logprobPValue(
  pairs: readonly LogprobPair[],
  random: Random,
  permutations = PERMUTATIONS,
): number | null {
  const groups = pairs
    .filter(({ reference, current }) => reference.length > 0 && current.length > 0)
    .map(({ reference, current }) => toGroup(reference.slice(-MOST_REFERENCE), current));
  if (groups.length === 0) return null;
  const distance = () => groups.reduce((sum, group) => sum + distanceOf(group), 0);
  // Sums in another order differ in their last digits.
  const value = distance() * (1 - 1e-9);
  let asFar = 0;
  for (let round = 0; round < permutations; round++) {
    for (const group of groups) drawCurrent(group, random);
    if (distance() >= value) asFar++;
  }
  return (1 + asFar) / (1 + permutations);
}

/** Rows of log-probabilities by token. The rows at the first `now` places of `order` are the current calls. */
type Group = {
  readonly rows: readonly Float64Array[];
  readonly totals: Float64Array;
  readonly order: Uint32Array;
  readonly now: number;
};

function toGroup(reference: readonly FirstToken[], current: readonly FirstToken[]): Group {
  const all = [...current, ...reference];
  const tokens = [...new Set(all.flatMap((one) => Object.keys(one)))];
  const rows = all.map((one) => {
    // A token that is not listed is at most as likely as the last listed token.
    const least = Math.min(...Object.values(one));
    return Float64Array.from(tokens, (token) => one[token] ?? least);
  });
  const totals = Float64Array.from(tokens, (_, place) => rows.reduce((sum, row) => sum + (row[place] ?? 0), 0));
  return { rows, totals, order: Uint32Array.from(rows, (_, place) => place), now: current.length };
}

function distanceOf({ rows, totals, order, now }: Group): number {
  const before = rows.length - now;
  let distance = 0;
  for (let token = 0; token < totals.length; token++) {
    let sum = 0;
    for (let place = 0; place < now; place++) sum += rows[order[place] ?? 0]?.[token] ?? 0;
    distance += Math.abs(sum / now - ((totals[token] ?? 0) - sum) / before);
  }
  return distance;
}

/** Draws other rows as the current calls: a shuffle of the first places only. */
function drawCurrent({ order, now }: Group, random: Random): void {
  for (let place = 0; place < now; place++) {
    const other = place + random.below(order.length - place);
    const value = order[place] ?? 0;
    order[place] = order[other] ?? 0;
    order[other] = value;
  }
}
