/** How a layer compares two rows; −1 when it does not hold both. */
type Measure = { readonly threshold: number; similarity(one: number, two: number): number };
type Family = { readonly groups: Int32Array; readonly worths: ArrayLike<number>; readonly layers: readonly Measure[] };

/** A row of a group with thousands of rows is compared with this many retained rows. */
const MOST_KEPT_COMPARED = 200;

/**
 * The rows to retain in each group: the most valuable row, and every row that is not near a retained row. A group is a
 * chain whose ends may differ, so a row is removed only if it is near a retained row.
 */
export function chooseApart({ groups, worths, layers }: Family) {
  const keptRows = new Int32Array(groups.length).fill(-1);
  const similarities = new Float32Array(groups.length);
  const layerOf = new Int8Array(groups.length).fill(-1);
  for (const rows of membersOf(groups).values()) {
    const chosen: number[] = [];
    const worth = (row: number) => worths[row] ?? 0;
    for (const row of rows.toSorted((one, two) => worth(two) - worth(one) || one - two)) {
      const near = findNear(row, chosen, layers);
      if (near === null) {
        if (chosen.length < MOST_KEPT_COMPARED) chosen.push(row);
        continue;
      }
      keptRows[row] = near.row;
      similarities[row] = near.similarity;
      layerOf[row] = near.layer;
    }
  }
  return { keptRows, similarities, layerOf };
}

function membersOf(groups: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (const [row, group] of groups.entries()) {
    if (group < 0) continue;
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  }
  return members;
}

/** The first of the kept rows that a row is near; null when it is near none. */
function findNear(row: number, kept: readonly number[], layers: readonly Measure[]) {
  for (const other of kept) {
    for (const [layer, { threshold, similarity }] of layers.entries()) {
      const measured = similarity(other, row);
      if (measured >= threshold) return { row: other, similarity: measured, layer };
    }
  }
  return null;
}

/** The most valuable row of each group, or the first of them. */
export function chooseOne(groups: Int32Array, worths: ArrayLike<number>): Int32Array {
  const best = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    const leader = best.get(group);
    if (group >= 0 && (leader === undefined || (worths[row] ?? 0) > (worths[leader] ?? 0))) best.set(group, row);
  }
  return groups.map((group, row) => {
    const leader = best.get(group) ?? row;
    return group < 0 || leader === row ? -1 : leader;
  });
}
