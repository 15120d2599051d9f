import { mix } from "./mix.ts";
import { cosineTo, lengthOf, type Vectors, vectorAt } from "./vectors.ts";

const ROUNDS = 8;
/** Centres are learnt from at most so many rows for each. */
const ROWS_PER_CENTRE = 64;
/** The first centres are drawn from fewer. */
const ROWS_PER_FIRST = 8;

/** Centres of unit vectors (spherical k-means, Dhillon and Modha 2001), from rows that are drawn the same each time. */
export function findCentres(vectors: Vectors, wanted: number): Float32Array[] {
  const { count } = vectors;
  const drawn = drawRows(count, wanted * ROWS_PER_CENTRE);
  const first = firstCentres(vectors, drawn.slice(0, wanted * ROWS_PER_FIRST), Math.min(wanted, count));
  return refineCentres(vectors, drawn, first);
}

/** Moves centres to the means of the rows that are nearest to them, a few times. A centre without rows stays. */
export function refineCentres(
  vectors: Vectors,
  drawn: readonly number[],
  first: readonly Float32Array[],
): Float32Array[] {
  const { size } = vectors;
  let centres = [...first];
  for (let round = 0; round < ROUNDS && centres.length > 1; round++) {
    const sums = centres.map(() => new Float32Array(size));
    for (const row of drawn) {
      const [nearest] = nearestCentres(vectors, row, centres);
      const sum = sums[nearest?.centre ?? 0];
      const from = row * size;
      if (sum)
        for (let index = 0; index < size; index++)
          sum[index] = (sum[index] ?? 0) + (vectors.numbers[from + index] ?? 0);
    }
    centres = sums.map((sum, index) => unit(sum) ?? centres[index] ?? sum);
  }
  return centres;
}

/** Rows far from each other: each is drawn in proportion to its distance to those before (k-means++, Arthur and Vassilvitskii 2007). */
function firstCentres(vectors: Vectors, from: readonly number[], wanted: number): Float32Array[] {
  const centres: Float32Array[] = [];
  const distances = new Float64Array(from.length).fill(1);
  for (let draw = 0; draw < wanted && from.length > 0; draw++) {
    const total = distances.reduce((sum, distance) => sum + distance, 0);
    let left = ((mix(draw + 1) >>> 0) / 2 ** 32) * total;
    let chosen = distances.findIndex((distance) => {
      left -= distance;
      return left < 0;
    });
    if (chosen < 0) chosen = draw % from.length;
    const centre = vectorAt(vectors, from[chosen] ?? 0);
    centres.push(centre);
    for (const [at, row] of from.entries())
      distances[at] = Math.min(distances[at] ?? 0, Math.max(0, 1 - cosineTo(vectors, row, centre)));
  }
  return centres;
}

/** The two centres that are nearest to a row, the nearest first, with their cosines. */
export function nearestCentres(vectors: Vectors, row: number, centres: readonly Float32Array[]) {
  let [first, second] = [-1, -1];
  let [most, next] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let centre = 0; centre < centres.length; centre++) {
    const vector = centres[centre];
    const near = vector ? cosineTo(vectors, row, vector) : most;
    if (near > most) [first, most, second, next] = [centre, near, first, most];
    else if (near > next) [second, next] = [centre, near];
  }
  const nearest = [{ centre: first, cosine: most }];
  return second < 0 ? nearest : [...nearest, { centre: second, cosine: next }];
}

/** A deterministic pseudo-random sample of rows, or all rows if there are no more. */
export function drawRows(count: number, wanted: number): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  const most = Math.min(count, wanted);
  for (let at = 0; at < most; at++) {
    const other = at + ((mix(at + 1) >>> 0) % (count - at));
    [rows[at], rows[other]] = [rows[other] ?? 0, rows[at] ?? 0];
  }
  return rows.slice(0, most);
}

function unit(sum: Float32Array): Float32Array | null {
  const length = lengthOf(sum);
  return length === 0 ? null : sum.map((number) => number / length);
}
