import { byScore, type Fused, mustWeigh, ranksById } from "./ranking.ts";

export type RankFusionOptions = {
  /** Added to each rank: the larger, the less the first places stand out. */
  readonly k?: number;
  /** One per ranking; all 1 without it. */
  readonly weights?: readonly number[];
};

/**
 * Reciprocal rank fusion: Σ weight / (k + rank), ranks from 1, k 60 (Cormack, Clarke and Büttcher 2009).
 * @param rankings ids, best first. An id counts only in the rankings that have it.
 * @returns all ids, best first; ties by the better best rank, then by id.
 */
export function fuseByRank(rankings: readonly (readonly string[])[], options: RankFusionOptions = {}): Fused[] {
  const { k = 60, weights = rankings.map(() => 1) } = options;
  mustWeigh(weights, rankings.length);
  if (!(k >= 0 && Number.isFinite(k))) throw new RangeError(`k is ${k}. It must be a number from 0.`);
  return Array.from(ranksById(rankings), ([id, ranks]) => {
    const score = ranks.reduce<number>(
      (sum, rank, list) => (rank === null ? sum : sum + (weights[list] ?? 0) / (k + rank)),
      0,
    );
    return { id, score, ranks };
  }).sort(byScore);
}
