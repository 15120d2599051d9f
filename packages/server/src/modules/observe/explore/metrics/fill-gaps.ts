import type { MeasuredRow } from "./metrics-store.ts";

export type Steps = { readonly place: number; readonly count: number };

/** Every group gets a row for every step of time, so that a line falls to nothing where nothing happened. */
export function fillGaps(
  rows: readonly MeasuredRow[],
  { place, count }: Steps,
  emptyValues: readonly (number | null)[],
): MeasuredRow[] {
  const groups = new Map<string, Map<number, MeasuredRow>>();
  for (const row of rows) {
    const step = Math.min(Math.max(Number(row.natural[place]), 0), count - 1);
    const others = row.natural.toSpliced(place, 1);
    const key = JSON.stringify([row.cohort, others, row.ranked, row.is_other]);
    const group = groups.get(key) ?? new Map<number, MeasuredRow>();
    groups.set(key, group.set(step, row));
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group.values();
    if (first === undefined) return [];
    return Array.from({ length: count }, (_, step) => {
      const row = group.get(step);
      const natural = first.natural.with(place, String(step));
      return row ?? { ...first, natural, measured: [...emptyValues], n: 0 };
    });
  });
}
