/** A row counts as normalized if its length differs from 1 by less: float32 vectors of embedders are this exact. */
const UNIT_TOLERANCE = 1e-5;

/** The rows in unit length: the same array if they have it already, otherwise a copy. */
export function normalizeRows(rows: Float32Array, dimensions: number): Float32Array {
  let normalized = rows;
  for (let start = 0; start < rows.length; start += dimensions) {
    const row = rows.subarray(start, start + dimensions);
    const length = lengthOf(row, `Row ${start / dimensions}`);
    if (Math.abs(length - 1) < UNIT_TOLERANCE) continue;
    if (normalized === rows) normalized = rows.slice();
    for (let i = 0; i < dimensions; i++) normalized[start + i] = (row[i] ?? 0) / length;
  }
  return normalized;
}

/** The query in unit length. Throws RangeError if it has other dimensions than the table, no direction, or a value that is not finite. */
export function normalizeVector(vector: ArrayLike<number>, dimensions: number): Float64Array {
  if (vector.length !== dimensions)
    throw new RangeError(
      `The query has ${vector.length} dimensions, the table has ${dimensions}. Use the embedder of this version.`,
    );
  const length = lengthOf(vector, "The query");
  return Float64Array.from(vector, (value) => value / length);
}

function lengthOf(vector: ArrayLike<number>, name: string): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] ?? 0) ** 2;
  if (!Number.isFinite(sum)) throw new RangeError(`${name} has a value that is not finite. Embed the text again.`);
  if (sum === 0)
    throw new RangeError(`${name} is all zeros and has no direction. Leave it out or embed the text again.`);
  return Math.sqrt(sum);
}
