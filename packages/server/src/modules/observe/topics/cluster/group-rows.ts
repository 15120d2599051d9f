import {
  createVectors,
  drawRows,
  findCentres,
  nearestCentres,
  refineCentres,
  type Vectors,
  vectorAt,
} from "@treadle/metrics";

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
  readonly wanted: number;
  /** Centers of the run before, from which the search starts, so that the same topics are found again. */
  readonly known: readonly Float32Array[];
  readonly distant: readonly Float32Array[];
};

/** Groups some rows by their nearest centers. */
export function groupRows(vectors: Vectors, rows: readonly number[], { wanted, known, distant }: Start): RowGroup[] {
  const own = rows.length === vectors.count ? vectors : pick(vectors, rows);
  const drawn = drawRows(own.count, MOST_DRAWN);
  const first = known.length > 0 ? known : findCentres(own, wanted);
  const centers = refineCentres(own, drawn, [...first, ...distant]);
  const groups = centers.map((center, place) => ({
    center,
    rows: [] as number[],
    cosines: [] as number[],
    isDistant: place >= first.length,
  }));
  for (let row = 0; row < own.count; row++) {
    const [nearest] = nearestCentres(own, row, centers);
    const group = groups[nearest?.centre ?? 0];
    group?.rows.push(rows[row] ?? 0);
    group?.cosines.push(nearest?.cosine ?? 0);
  }
  return groups
    .filter((group) => group.rows.length >= FEWEST_ROWS)
    .sort((one, two) => two.rows.length - one.rows.length);
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
