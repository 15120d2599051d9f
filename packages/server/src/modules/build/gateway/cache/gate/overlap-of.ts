/** Jaccard's index of two sets of words; 1 for two empty ones. */
export function overlapOf(one: ReadonlySet<string>, two: ReadonlySet<string>): number {
  const all = new Set([...one, ...two]).size;
  const common = [...one].filter((word) => two.has(word)).length;
  return all === 0 ? 1 : common / all;
}
