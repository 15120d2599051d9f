import { createNearTest, createVectors, findCentres, nearestCentres, type Vectors } from "@treadle/metrics";
import { chooseOne } from "./choose-kept.ts";
import { createGroups } from "./groups.ts";
import type { DuplicateGroups } from "./near-machine.ts";

export type SemanticParams = {
  /** The cosine from which two texts mean the same. */
  readonly threshold: number;
};

/** Up to this number of rows, all pairs are compared. */
const ROWS_WITHOUT_CELLS = 4_000;
const ROWS_PER_CELL = 400;

/**
 * Finds rows whose vectors are near (as SemDeDup, Abbas et al. 2023): rows are sorted into cells by k-means, each into the two nearest,
 * and compared within them. Pairs that share no cell are missed; up to 4,000 rows all are compared. A row takes 2 bytes for each number.
 */
export function createSemanticMachine({ threshold }: SemanticParams) {
  const collected = createVectors();
  const worths: number[] = [];

  return {
    add(vectors: readonly ArrayLike<number>[], worthsOfThese: readonly number[]): void {
      for (const [index, vector] of vectors.entries()) {
        collected.add(vector);
        worths.push(worthsOfThese[index] ?? 0);
      }
    },
    finish(): DuplicateGroups {
      const vectors = collected.get();
      const cosineFrom = createNearTest(vectors);
      const joined = createGroups(vectors.count);
      for (const cell of cellsOf(vectors)) {
        for (const [at, row] of cell.entries()) {
          for (let back = 0; back < at; back++) {
            const other = cell[back] ?? 0;
            if (joined.find(other) !== joined.find(row) && cosineFrom(threshold, other, row) >= threshold)
              joined.join(other, row);
          }
        }
      }
      const groups = joined.list();
      const keptRows = chooseOne(groups, worths);
      const similarities = Float32Array.from(keptRows, (kept, row) => (kept < 0 ? 0 : cosineFrom(-1, kept, row)));
      return { groups, keptRows, similarities, isEstimate: false };
    },
  };
}

/** The rows of each cell, ascending. */
function cellsOf(vectors: Vectors): number[][] {
  if (vectors.count <= ROWS_WITHOUT_CELLS) return [Array.from({ length: vectors.count }, (_, row) => row)];
  const centres = findCentres(vectors, Math.ceil(vectors.count / ROWS_PER_CELL));
  const cells: number[][] = centres.map(() => []);
  for (let row = 0; row < vectors.count; row++)
    for (const { centre } of nearestCentres(vectors, row, centres)) cells[centre]?.push(row);
  return cells;
}
