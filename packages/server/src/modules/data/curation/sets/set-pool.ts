/**
 * Ascending sets of numbers in one memory area of a bounded size. When it is full, every set retains only its smallest
 * numbers. As they are hashes, this is a fair sample, and the similarity of two such sets is then an estimate (bottom-k
 * sketches, Cohen and Kaplan 2007).
 */
export function createSetPool({ mostNumbers, leastKept = 64 }: { mostNumbers: number; leastKept?: number }) {
  let numbers = new Uint32Array(Math.min(mostNumbers, 65_536));
  let used = 0;
  let mostKept = Number.POSITIVE_INFINITY;
  let longest = 0;
  const [starts, lengths] = [new Map<number, number>(), new Map<number, number>()];
  const shortened = new Set<number>();

  function shorten(id: number, length: number): number {
    if (length <= mostKept) return length;
    shortened.add(id);
    return mostKept;
  }

  /** Halves what sets may hold until `more` numbers fit, and moves them together. */
  function makeRoom(more: number): void {
    while (used + Math.min(more, mostKept) > mostNumbers && mostKept > leastKept) {
      mostKept = Math.max(leastKept, Math.floor(Math.min(mostKept, longest) / 2));
      used = 0;
      for (const [id, start] of starts) {
        const length = shorten(id, lengths.get(id) ?? 0);
        numbers.copyWithin(used, start, start + length);
        starts.set(id, used);
        lengths.set(id, length);
        used += length;
      }
    }
  }

  function grow(needed: number): void {
    if (needed <= numbers.length) return;
    const twice = numbers.length * 2;
    const larger = new Uint32Array(Math.max(needed, needed <= mostNumbers ? Math.min(mostNumbers, twice) : twice));
    larger.set(numbers.subarray(0, used));
    numbers = larger;
  }

  const viewOf = (id: number) => {
    const start = starts.get(id) ?? 0;
    return numbers.subarray(start, start + (lengths.get(id) ?? 0));
  };

  return {
    add(id: number, set: Uint32Array): void {
      longest = Math.max(longest, set.length);
      makeRoom(set.length);
      const length = shorten(id, set.length);
      grow(used + length);
      numbers.set(set.subarray(0, length), used);
      starts.set(id, used);
      lengths.set(id, length);
      used += length;
    },
    has: (id: number) => starts.has(id),
    /** The Jaccard similarity of two sets: exact, or an estimate where one of them was shortened. */
    similarity: (one: number, two: number) => jaccard(viewOf(one), viewOf(two), boundOf(one, two)),
    /** The same of a set that is not kept. */
    similarityTo: (set: Uint32Array, other: number) => jaccard(set, viewOf(other), boundOf(other)),
    isShortened: () => shortened.size > 0,
  };

  /** Up to where both sets are whole. */
  function boundOf(...ids: readonly number[]): number {
    if (shortened.size === 0) return 0xffffffff;
    const ends = ids.filter((id) => shortened.has(id)).map((id) => viewOf(id).at(-1) ?? 0);
    return Math.min(0xffffffff, ...ends);
  }
}

/** The share that two ascending sets have in common of all that is in them, of numbers up to `bound`. 0 when both are empty. */
export function jaccard(one: Uint32Array, two: Uint32Array, bound = 0xffffffff): number {
  let [atOne, atTwo, common, all] = [0, 0, 0, 0];
  while (atOne < one.length || atTwo < two.length) {
    const left = one[atOne] ?? Number.POSITIVE_INFINITY;
    const right = two[atTwo] ?? Number.POSITIVE_INFINITY;
    if (Math.min(left, right) > bound) break;
    if (left <= right) atOne++;
    if (right <= left) atTwo++;
    if (left === right) common++;
    all++;
  }
  return all === 0 ? 0 : common / all;
}
