import { createNearTest, findCentres, nearestCentres, type Vectors } from "@treadle/metrics";

/** For each row its nearest rows, `each` per row, nearest first. −1 if there are no more. */
export type NearestRows = { readonly each: number; readonly rows: Int32Array; readonly cosines: Float32Array };

const ROWS_WITHOUT_CELLS = 3_000;
const ROWS_PER_CELL = 500;

/** Finds the nearest rows of each row: among all of up to 3,000, and else among those in the two cells of k-means that it is nearest to. */
export function findNearestRows(vectors: Vectors, each: number): NearestRows {
  const { count } = vectors;
  const nearest = {
    each,
    rows: new Int32Array(count * each).fill(-1),
    cosines: new Float32Array(count * each).fill(-2),
  };
  const cosineFrom = createNearTest(vectors);
  for (const cell of cellsOf(vectors)) {
    for (const [at, row] of cell.entries()) {
      for (let back = 0; back < at; back++) {
        const other = cell[back] ?? 0;
        const least = Math.min(leastOf(nearest, row), leastOf(nearest, other));
        const cosine = cosineFrom(least, row, other);
        if (cosine <= least) continue;
        insert(nearest, row, { row: other, cosine });
        insert(nearest, other, { row, cosine });
      }
    }
  }
  return nearest;
}

function cellsOf(vectors: Vectors): number[][] {
  if (vectors.count <= ROWS_WITHOUT_CELLS) return [Array.from({ length: vectors.count }, (_, row) => row)];
  const centres = findCentres(vectors, Math.ceil(vectors.count / ROWS_PER_CELL));
  const cells: number[][] = centres.map(() => []);
  for (let row = 0; row < vectors.count; row++)
    for (const { centre } of nearestCentres(vectors, row, centres)) cells[centre]?.push(row);
  return cells;
}

const leastOf = ({ each, cosines }: NearestRows, row: number) => cosines[row * each + each - 1] ?? -2;

/** Stores a row's nearest rows in order. A row that was already found through another cell is not added twice. */
function insert({ each, rows, cosines }: NearestRows, row: number, found: { row: number; cosine: number }): void {
  const start = row * each;
  if (found.cosine <= (cosines[start + each - 1] ?? -2)) return;
  if (rows.subarray(start, start + each).includes(found.row)) return;
  let at = start + each - 1;
  for (; at > start && (cosines[at - 1] ?? -2) < found.cosine; at--) {
    rows[at] = rows[at - 1] ?? -1;
    cosines[at] = cosines[at - 1] ?? -2;
  }
  rows[at] = found.row;
  cosines[at] = found.cosine;
}
