export type DiversifyOptions<Candidate> = {
  readonly limit: number;
  /** How alike two candidates are, in the scale of the scores, such as a cosine. */
  readonly similarity: (one: Candidate, other: Candidate) => number;
  /** The weight of relevance against variety: 1 keeps the order of the scores. */
  readonly lambda?: number;
};

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): picks repeatedly the candidate with the highest
 * λ · score − (1 − λ) · its highest similarity to those picked before; λ .7. Ties go to the earlier candidate.
 * Scores must be in the scale of the similarity: pass cosines, or scores from `scaleScores`.
 * @returns at most `limit` candidates in the order of picking. It calls `similarity` up to limit × candidates times.
 */
export function diversify<Candidate extends { readonly score: number }>(
  candidates: readonly Candidate[],
  { limit, similarity, lambda = 0.7 }: DiversifyOptions<Candidate>,
): Candidate[] {
  if (!(lambda >= 0 && lambda <= 1)) throw new RangeError(`lambda is ${lambda}. It must be a number from 0 to 1.`);
  if (!Number.isInteger(limit) || limit < 1)
    throw new RangeError(`The limit is ${limit}. It must be a whole number from 1.`);
  const rest = candidates.map((candidate) => ({ candidate, closest: Number.NEGATIVE_INFINITY }));
  const picked: Candidate[] = [];
  while (picked.length < limit && rest.length > 0) {
    const values = rest.map(({ candidate, closest }) =>
      picked.length === 0 ? candidate.score : lambda * candidate.score - (1 - lambda) * closest,
    );
    const best = values.reduce((at, value, index) => (value > (values[at] ?? value) ? index : at), 0);
    const [pick] = rest.splice(best, 1);
    if (!pick) break;
    picked.push(pick.candidate);
    for (const other of rest) other.closest = Math.max(other.closest, similarity(other.candidate, pick.candidate));
  }
  return picked;
}
