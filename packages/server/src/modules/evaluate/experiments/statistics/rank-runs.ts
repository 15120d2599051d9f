import { type Match, type Ranking, rankByMatches } from "@treadle/metrics";
import type { MatchesOrder, RankingOrder } from "./orders.ts";

/** More matches than this say little more, and cost much. */
const MOST_MATCHES = 50_000;
const RESAMPLES = 200;

/** Ranks runs by the items that they win against each other. Items without a score in either run do not count. */
export function rankRuns({ names, values, higherIsBetter }: RankingOrder): Ranking {
  const items = values[0]?.length ?? 0;
  const pairs = (names.length * (names.length - 1)) / 2;
  const step = Math.max(1, Math.ceil((pairs * items) / MOST_MATCHES));
  const matches: Match[] = [];
  for (const [a, name] of names.entries())
    for (let b = a + 1; b < names.length; b++)
      for (let at = 0; at < items; at += step) {
        const [one, other] = [values[a]?.[at] ?? null, values[b]?.[at] ?? null];
        if (one === null || other === null) continue;
        const isWon = one > other === higherIsBetter;
        matches.push({ a: name, b: names[b] ?? "", outcome: one === other ? 0.5 : isWon ? 1 : 0 });
      }
  return rankByMatches(matches, { resamples: RESAMPLES });
}

/**
 * Ranks players. All matches of a cluster are drawn together, and the effect of length and style is removed on request.
 */
export function rankMatches({ matches, ...options }: MatchesOrder): Ranking {
  const isHeavy = matches.length > MOST_MATCHES || options.controlLength || (options.controlStyles?.length ?? 0) > 0;
  return rankByMatches(matches, { ...options, resamples: isHeavy ? RESAMPLES : 1_000 });
}
