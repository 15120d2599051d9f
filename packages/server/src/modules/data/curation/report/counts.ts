/** The number of names that are counted individually. Further names are counted together. */
const MOST_NAMES = 10_000;
const OTHERS = "(others)";

/** Counts names as they come. */
export function createCounts() {
  const counts = new Map<string, number>();
  return {
    get size() {
      return counts.size;
    },
    add(name: string, times = 1): void {
      const key = counts.has(name) || counts.size < MOST_NAMES ? name : OTHERS;
      counts.set(key, (counts.get(key) ?? 0) + times);
    },
    get: (name: string) => counts.get(name) ?? 0,
    entries: () => [...counts].toSorted(([, one], [, two]) => two - one),
    /** The most frequent first, with their share of `rows`. */
    list: (rows: number, most = 100) =>
      [...counts]
        .toSorted(([one, times], [two, others]) => others - times || (one < two ? -1 : 1))
        .slice(0, most)
        .map(([name, times]) => ({ name, rows: times, share: rows === 0 ? 0 : times / rows })),
  };
}
export type Counts = ReturnType<typeof createCounts>;
