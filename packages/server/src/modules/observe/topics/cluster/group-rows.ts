import { createVectors, drawRows, nearestCentres, refineCentres, type Vectors, vectorAt } from "@treadle/metrics";
import { chooseCenters, type Wanted } from "./choose-centers.ts";

/** A group of rows around a center. */
export type RowGroup = {
  readonly center: Float32Array;
  readonly rows: readonly number[];
  /** The cosine of each row to the center. */
  readonly cosines: readonly number[];
  /** Whether it began as a group of distant texts. */
  readonly isDistant: boolean;
};

const MOST_DRAWN = 6_000;
const FEWEST_ROWS = 3;

type Start = {
  readonly wanted: Wanted;
  /** The rows that the centers are learned from. */
  readonly learned: readonly number[];
  /** Centers of the run before, from which the search starts, so that the same topics are found again. */
  readonly known: readonly Float32Array[];
  readonly distant: readonly Float32Array[];
};

/** Groups some rows by their nearest centers. Rows of groups that are too small are in none. */
export function groupRows(vectors: Vectors, rows: readonly number[], { learned, ...start }: Start): RowGroup[] {
  const { centers, distantFrom } = learnCenters(pick(vectors, learned), start);
  const groups = centers.map((center, place) => ({
    center,
    rows: [] as number[],
    cosines: [] as number[],
    isDistant: place >= distantFrom,
  }));
  for (const row of rows) {
    const [nearest] = nearestCentres(vectors, row, centers);
    const group = groups[nearest?.centre ?? 0];
    group?.rows.push(row);
    group?.cosines.push(nearest?.cosine ?? 0);
  }
  return groups
    .filter((group) => group.rows.length >= FEWEST_ROWS)
    .sort((one, two) => two.rows.length - one.rows.length);
}

function learnCenters(vectors: Vectors, { wanted, known, distant }: Omit<Start, "learned">) {
  const first = known.length > 0 ? known : chooseCenters(vectors, wanted);
  const centers = refineCentres(vectors, drawRows(vectors.count, MOST_DRAWN), [...first, ...distant]);
  return { centers, distantFrom: first.length };
}

function pick(vectors: Vectors, rows: readonly number[]): Vectors {
  const picked = createVectors();
  for (const row of rows) picked.add(vectorAt(vectors, row));
  return picked.get();
}

/** The distance to the center that all but a share of the rows are within. */
export function radiusOf({ cosines }: Pick<RowGroup, "cosines">, share = 0.99): number {
  const distances = cosines.map((cosine) => 1 - cosine).sort((one, two) => one - two);
  return distances[Math.min(distances.length - 1, Math.floor(distances.length * share))] ?? 0;
}
