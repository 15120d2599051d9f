import type { Match } from "./bradley-terry.ts";

/** How likely a player wins against another, from their ratings; a tie counts half. */
export function eloExpectation(rating: number, other: number): number {
  return 1 / (1 + 10 ** ((other - rating) / 400));
}

/**
 * Ratings that change with each match, in the given order. An unexpected win gives k points. Use it for continuous
 * matches. A finished set of matches has no order, so rank it with `rankByMatches`.
 */
export function eloRatings(matches: readonly Match[], { k = 32, start = 1_000 } = {}): Map<string, number> {
  const ratings = new Map<string, number>();
  for (const [place, { a, b, outcome }] of matches.entries()) {
    if (!(outcome >= 0 && outcome <= 1))
      throw new RangeError(`matches[${place}].outcome is ${outcome}: give 1, 0, or 0.5 for a tie.`);
    const [before, other] = [ratings.get(a) ?? start, ratings.get(b) ?? start];
    const gained = k * (outcome - eloExpectation(before, other));
    ratings.set(a, before + gained);
    ratings.set(b, other - gained);
  }
  return ratings;
}
