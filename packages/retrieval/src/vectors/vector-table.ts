import { type Allowed, mustCoverRows } from "../ranking/allowed.ts";
import { createTopScores, type ScoredOrdinal } from "../ranking/top-scores.ts";
import { normalizeRows, normalizeVector } from "./normalize.ts";

export type VectorTable = {
  readonly dimensions: number;
  readonly count: number;
  /** The rows with the highest cosine, best first, ties by ordinal. The query needs no unit length. */
  search(query: ArrayLike<number>, options: { readonly limit: number; readonly allowed?: Allowed }): ScoredOrdinal[];
  /** A row, with unit length. */
  row(row: number): Float32Array;
  /** The cosine of two rows, for example to diversify results. */
  similarity(one: number, other: number): number;
};

/**
 * A table of vectors that is searched exactly, by the cosine with every allowed row.
 * @param rows one vector after the other. The table uses this array if all rows have unit length, otherwise a normalized copy.
 * @throws RangeError if the array does not divide into rows, or if a row has no direction or a value that is not finite.
 */
export function createVectorTable(input: { readonly dimensions: number; readonly rows: Float32Array }): VectorTable {
  const { dimensions } = input;
  const count = countRows(input);
  const rows = normalizeRows(input.rows, dimensions);
  return {
    dimensions,
    count,
    search(query, { limit, allowed }) {
      mustCoverRows(allowed, count);
      const top = createTopScores(limit);
      const unit = normalizeVector(query, dimensions);
      for (let row = 0; row < count; row++) {
        if (allowed && allowed[row] === 0) continue;
        const score = dot(rows, row * dimensions, unit);
        if (score > top.threshold()) top.add(row, score);
      }
      return top.sorted();
    },
    row(row) {
      mustBeRow(row, count);
      return rows.slice(row * dimensions, (row + 1) * dimensions);
    },
    similarity(one, other) {
      mustBeRow(one, count);
      mustBeRow(other, count);
      return dot(rows, one * dimensions, rows.subarray(other * dimensions, (other + 1) * dimensions));
    },
  };
}

function countRows({ dimensions, rows }: { readonly dimensions: number; readonly rows: Float32Array }): number {
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new RangeError(`The vectors have ${dimensions} dimensions. It must be a whole number from 1.`);
  const count = rows.length / dimensions;
  if (!Number.isInteger(count))
    throw new RangeError(`${rows.length} values do not divide into rows of ${dimensions} dimensions.`);
  return count;
}

function mustBeRow(row: number, count: number): void {
  if (!Number.isInteger(row) || row < 0 || row >= count)
    throw new RangeError(`There is no row ${row}. The table has ${count} rows, from 0.`);
}

/** Four sums run in parallel on the processor; one sum would wait for each addition. */
function dot(rows: Float32Array, start: number, vector: Float32Array | Float64Array): number {
  const length = vector.length;
  const whole = length - (length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    const at = start + i;
    a += (rows[at] as number) * (vector[i] as number);
    b += (rows[at + 1] as number) * (vector[i + 1] as number);
    c += (rows[at + 2] as number) * (vector[i + 2] as number);
    d += (rows[at + 3] as number) * (vector[i + 3] as number);
  }
  for (let i = whole; i < length; i++) a += (rows[start + i] as number) * (vector[i] as number);
  return a + b + (c + d);
}
