/** How unlike before the spans of one column are, highest first to be taken; `places` say which span each value is of. */
type Unlike = { readonly places: readonly number[]; readonly values: readonly number[] };
/** A span that is taken: by which column, and among which share of that column's spans it is. */
type Taken = { readonly column: number; readonly place: number; readonly share: number };

/** The `size` spans that are most unlike before, taken from the columns in turn, each span once. A column without values gives none. */
export function takeUnlike(columns: readonly Unlike[], size: number): Taken[] {
  const ranked = columns.map(({ places, values }) =>
    [...values.keys()]
      // Values that are not more frequent now are not part of the drift.
      .filter((at) => (values[at] ?? 0) > 0)
      .sort((one, other) => (values[other] ?? 0) - (values[one] ?? 0))
      .map((at, rank) => ({ place: places[at] ?? at, share: (rank + 1) / values.length })),
  );
  const takenByPlace = new Map<number, Taken>();
  const longest = Math.max(0, ...ranked.map(({ length }) => length));
  for (let rank = 0; rank < longest; rank++) {
    for (const [column, spans] of ranked.entries()) {
      const next = spans[rank];
      if (!next || takenByPlace.has(next.place)) continue;
      if (takenByPlace.size >= size) return [...takenByPlace.values()];
      takenByPlace.set(next.place, { column, ...next });
    }
  }
  return [...takenByPlace.values()];
}
