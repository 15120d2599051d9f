import { byScore, type Fused, mustWeigh, ranksById } from "./ranking.ts";

export type Scored = { readonly id: string; readonly score: number };

/** Scores from 0 (the lowest) to 1 (the highest). All are 1 if they are equal. Throws if a score is not finite. */
export function scaleScores(scores: readonly number[]): number[] {
  const wrong = scores.find((score) => !Number.isFinite(score));
  if (wrong !== undefined) throw new RangeError(`A score is ${wrong}. It must be finite.`);
  const [lowest, highest] = scores.reduce(
    ([low, high], score) => [Math.min(low, score), Math.max(high, score)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return scores.map((score) => (highest === lowest ? 1 : (score - lowest) / (highest - lowest)));
}

/**
 * Σ weight · score, the scores of each ranking scaled from 0 to 1 first (min–max). An id that a ranking does not have
 * gets 0 from it, like the last of the ranking.
 * @param weights one per ranking; equal shares without it.
 * @returns all ids, best first; ties by the better best rank, then by id.
 */
export function fuseByScore(rankings: readonly (readonly Scored[])[], weights?: readonly number[]): Fused[] {
  const shares = weights ?? rankings.map(() => 1 / rankings.length);
  mustWeigh(shares, rankings.length);
  const ordered = rankings.map((ranking) => [...ranking].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)));
  const scaled = ordered.map((ranking) => scaleScores(ranking.map(({ score }) => score)));
  return Array.from(ranksById(ordered.map((ranking) => ranking.map(({ id }) => id))), ([id, ranks]) => {
    const score = ranks.reduce<number>(
      (sum, rank, list) => (rank === null ? sum : sum + (shares[list] ?? 0) * (scaled[list]?.[rank - 1] ?? 0)),
      0,
    );
    return { id, score, ranks };
  }).sort(byScore);
}
