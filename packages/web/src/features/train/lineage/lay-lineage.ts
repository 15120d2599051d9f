type Links = readonly { readonly from: string; readonly to: string }[];
type Steps = readonly { readonly id: string }[];

/**
 * The column of each step: right of all its inputs, and as close to its outputs as possible, so that links are short.
 * A link that would close a cycle is ignored.
 */
export function layLineage<Step extends { readonly id: string }>(steps: readonly Step[], links: Links): Step[][] {
  const before = Map.groupBy(links, ({ to }) => to);
  const after = Map.groupBy(links, ({ from }) => from);
  const columns = longestWays(steps, before);
  // From right to left, so that each step moves toward its outputs.
  const shifted = new Map(columns);
  for (const { id } of steps.toSorted((a, b) => (columns.get(b.id) ?? 0) - (columns.get(a.id) ?? 0))) {
    const next = (after.get(id) ?? [])
      .map(({ to }) => shifted.get(to) ?? 0)
      .filter((column) => column > (columns.get(id) ?? 0));
    if (next.length > 0) shifted.set(id, Math.min(...next) - 1);
  }
  const laid = Map.groupBy(steps, ({ id }) => shifted.get(id) ?? 0);
  return [...laid].toSorted(([left], [right]) => left - right).map(([, column]) => column);
}

function longestWays(steps: Steps, before: ReadonlyMap<string, Links>): Map<string, number> {
  const known = new Map<string, number>();
  const open = new Set<string>();
  const ids = new Set(steps.map(({ id }) => id));
  function columnOf(id: string): number {
    const there = known.get(id);
    if (there !== undefined) return there;
    open.add(id);
    const sources = (before.get(id) ?? []).filter(({ from }) => ids.has(from) && !open.has(from));
    const column = Math.max(-1, ...sources.map(({ from }) => columnOf(from))) + 1;
    open.delete(id);
    known.set(id, column);
    return column;
  }
  for (const { id } of steps) columnOf(id);
  return known;
}
