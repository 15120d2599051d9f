export type Fused = {
  readonly id: string;
  readonly score: number;
  /** The place in each ranking, from 1; null where the ranking does not have it. */
  readonly ranks: readonly (number | null)[];
};

/** Throws unless there is one weight, of 0 or more, per ranking. */
export function mustWeigh(weights: readonly number[], rankings: number): void {
  if (weights.length !== rankings)
    throw new RangeError(`There are ${weights.length} weights for ${rankings} rankings. Give one weight per ranking.`);
  const wrong = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw new RangeError(`A weight is ${wrong}. It must be a number from 0.`);
}

/** The ranks of each id in each ranking. Throws if a ranking has an id twice, because its rank would be ambiguous. */
export function ranksById(rankings: readonly (readonly string[])[]): Map<string, (number | null)[]> {
  const ranks = new Map<string, (number | null)[]>();
  for (const [list, ids] of rankings.entries()) {
    for (const [place, id] of ids.entries()) {
      const known = ranks.get(id) ?? Array<number | null>(rankings.length).fill(null);
      if (known[list] !== null) throw new RangeError(`Ranking ${list} has "${id}" twice. Remove duplicates first.`);
      known[list] = place + 1;
      ranks.set(id, known);
    }
  }
  return ranks;
}

/** By score, ties by the better best rank, then by id. */
export function byScore(one: Fused, other: Fused): number {
  return other.score - one.score || bestRank(one) - bestRank(other) || (one.id < other.id ? -1 : 1);
}

function bestRank({ ranks }: Fused): number {
  return Math.min(...ranks.map((rank) => rank ?? Number.POSITIVE_INFINITY));
}
