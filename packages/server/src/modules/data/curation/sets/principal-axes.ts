import { cosineTo, drawRows, lengthOf, type Vectors } from "@treadle/metrics";

const ROUNDS = 30;
const MOST_ROWS = 5_000;

/** Where rows lie on the two axes along which they differ most (principal components, by power iteration over a draw of the rows). */
export function placeOnPrincipalAxes(vectors: Vectors): { x: Float32Array; y: Float32Array } {
  const { count } = vectors;
  const drawn = drawRows(count, MOST_ROWS);
  const middle = meanOf(vectors, drawn);
  const first = findAxis(vectors, { drawn, middle, before: [] });
  const second = findAxis(vectors, { drawn, middle, before: [first] });
  const place = (axis: Float32Array) => {
    const offset = dot(middle, axis);
    return Float32Array.from({ length: count }, (_, row) => cosineTo(vectors, row, axis) - offset);
  };
  return { x: place(first), y: place(second) };
}

type Search = {
  readonly drawn: readonly number[];
  readonly middle: Float32Array;
  readonly before: readonly Float32Array[];
};

function findAxis(vectors: Vectors, { drawn, middle, before }: Search): Float32Array {
  // Any start that is not by chance at a right angle to the axis will do.
  let axis = unit(Float32Array.from({ length: vectors.size }, (_, index) => Math.cos(index * 1.7 + before.length)));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float32Array(vectors.size);
    const offset = dot(middle, axis);
    for (const row of drawn) addTimes(next, { vectors, row, times: cosineTo(vectors, row, axis) - offset });
    for (const other of before) subtract(next, other, dot(next, other));
    if (lengthOf(next) === 0) break;
    axis = unit(next);
  }
  return axis;
}

function meanOf(vectors: Vectors, drawn: readonly number[]): Float32Array {
  const mean = new Float32Array(vectors.size);
  for (const row of drawn) addTimes(mean, { vectors, row, times: 1 / Math.max(1, drawn.length) });
  return mean;
}

function addTimes(sum: Float32Array, { vectors, row, times }: { vectors: Vectors; row: number; times: number }): void {
  const start = row * vectors.size;
  const factor = times / 32_767;
  for (let index = 0; index < sum.length; index++)
    sum[index] = (sum[index] ?? 0) + factor * (vectors.numbers[start + index] ?? 0);
}
function subtract(from: Float32Array, other: Float32Array, times: number): void {
  for (let index = 0; index < from.length; index++) from[index] = (from[index] ?? 0) - times * (other[index] ?? 0);
}
function dot(one: Float32Array, two: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (two[index] ?? 0);
  return sum;
}
const unit = (vector: Float32Array) => {
  const length = lengthOf(vector) || 1;
  return vector.map((number) => number / length);
};
