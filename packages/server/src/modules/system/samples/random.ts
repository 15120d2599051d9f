/** A small generator of random numbers (mulberry32): the same seed gives the same sample data everywhere. */
export function createRandom(seed: number) {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));

  return {
    integer,
    chance: (probability: number) => next() < probability,
    pick<Item>(items: readonly [Item, ...Item[]]): Item {
      return items[integer(0, items.length - 1)] ?? items[0];
    },
    /** An index, drawn in proportion to the weights. */
    weighted(weights: readonly number[]): number {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const index = weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      });
      return index < 0 ? weights.length - 1 : index;
    },
    /** Positive, with a long tail to the right, as latencies are. */
    around(median: number, spread = 0.35): number {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(normal * spread);
    },
    hex: (digits: number) =>
      Array.from({ length: digits }, () => integer(0, 15).toString(16))
        .join("")
        .replace(/^0/, "1"),
  };
}
export type Random = ReturnType<typeof createRandom>;
