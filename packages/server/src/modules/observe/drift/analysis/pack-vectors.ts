import type { PackedVectors } from "./drift-item.ts";

const SCALE = 32_767;

/** Brings vectors to the length 1 and packs them. */
export function packVectors(vectors: readonly ArrayLike<number>[]): PackedVectors {
  const size = vectors[0]?.length ?? 0;
  const numbers = new Int16Array(vectors.length * size);
  for (const [row, vector] of vectors.entries()) {
    let squares = 0;
    for (let at = 0; at < size; at++) squares += (vector[at] ?? 0) ** 2;
    const factor = SCALE / (Math.sqrt(squares) || 1);
    for (let at = 0; at < size; at++) numbers[row * size + at] = Math.round((vector[at] ?? 0) * factor);
  }
  return { size, numbers };
}

export function unpackVectors({ size, numbers }: PackedVectors): Float32Array[] {
  const count = size === 0 ? 0 : numbers.length / size;
  return Array.from({ length: count }, (_, row) =>
    Float32Array.from(numbers.subarray(row * size, (row + 1) * size), (number) => number / SCALE),
  );
}

export const toBase64 = ({ numbers }: PackedVectors): string =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("base64");

export function fromBase64(text: string, size: number): PackedVectors {
  const bytes = Buffer.from(text, "base64");
  return { size, numbers: new Int16Array(Uint8Array.from(bytes).buffer) };
}

/** 1 minus the cosine of two unit vectors. */
export function distanceOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return 1 - sum;
}
