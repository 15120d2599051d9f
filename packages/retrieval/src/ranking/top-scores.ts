export type ScoredOrdinal = { readonly ordinal: number; readonly score: number };

/**
 * Collects the `limit` best scores in a heap whose root is the worst of them. Equal scores are ordered by ordinal.
 * It is shared by lexical and vector search.
 */
export function createTopScores(limit: number) {
  mustBeLimit(limit);
  const ordinals: number[] = [];
  const scores: number[] = [];
  const heap: Heap = { ordinals, scores };
  let worst = Number.NEGATIVE_INFINITY;
  return {
    /** A score below or equal to this cannot enter if ordinals come in ascending order. −∞ until the heap is full. */
    threshold: (): number => worst,
    add(ordinal: number, score: number): void {
      if (ordinals.length < limit) {
        ordinals.push(ordinal);
        scores.push(score);
        siftUp(heap, ordinals.length - 1);
      } else {
        const isTieLost = score === worst && ordinal > (ordinals[0] ?? 0);
        if (score < worst || isTieLost) return;
        [ordinals[0], scores[0]] = [ordinal, score];
        siftDown(heap);
      }
      if (ordinals.length === limit) worst = scores[0] ?? worst;
    },
    /** The best first. */
    sorted(): ScoredOrdinal[] {
      return ordinals
        .map((ordinal, at) => ({ ordinal, score: scores[at] ?? 0 }))
        .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
    },
  };
}
export type TopScores = ReturnType<typeof createTopScores>;

function mustBeLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1)
    throw new RangeError(`The limit is ${limit}. It must be a whole number from 1.`);
}

type Heap = { readonly ordinals: number[]; readonly scores: number[] };

function isWorse({ ordinals, scores }: Heap, a: number, b: number): boolean {
  const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
  return difference < 0 || (difference === 0 && (ordinals[a] ?? 0) > (ordinals[b] ?? 0));
}

function swap({ ordinals, scores }: Heap, a: number, b: number): void {
  const [ordinal, score] = [ordinals[a] ?? 0, scores[a] ?? 0];
  [ordinals[a], scores[a]] = [ordinals[b] ?? 0, scores[b] ?? 0];
  [ordinals[b], scores[b]] = [ordinal, score];
}

function siftUp(heap: Heap, from: number): void {
  for (let at = from; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!isWorse(heap, at, parent)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown(heap: Heap): void {
  const count = heap.ordinals.length;
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < count && isWorse(heap, child, least)) least = child;
    if (least === at) return;
    swap(heap, at, least);
    at = least;
  }
}
