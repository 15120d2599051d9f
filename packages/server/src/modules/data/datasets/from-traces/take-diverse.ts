type Vector = readonly number[];

const squaredDistance = (a: Vector, b: Vector) => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
  return sum;
};

/** Places of the vectors that lie farthest from each other: each next one is the farthest from all that were taken. The first is the first. */
export function takeDiverse(vectors: readonly Vector[], size: number): number[] {
  const nearest = vectors.map(() => Number.POSITIVE_INFINITY);
  const chosen: number[] = [];
  let next = 0;
  while (chosen.length < Math.min(size, vectors.length)) {
    chosen.push(next);
    const last = vectors[next] ?? [];
    nearest[next] = -1;
    let farthest = -1;
    for (const [place, vector] of vectors.entries()) {
      const best = nearest[place] ?? 0;
      if (best < 0) continue;
      nearest[place] = Math.min(best, squaredDistance(vector, last));
      if (farthest < 0 || (nearest[place] ?? 0) > (nearest[farthest] ?? 0)) farthest = place;
    }
    next = farthest;
  }
  return chosen.sort((a, b) => a - b);
}
