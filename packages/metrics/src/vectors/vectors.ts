/** Unit vectors in 16 bits a number: half the memory of floats, and the cosine of two is right to about 0.0001. */
export type Vectors = { readonly count: number; readonly size: number; readonly numbers: Int16Array };

const SCALE = 32_767;
/** Numbers of a vector that are multiplied before a look at whether the rest can still matter. */
const BLOCK = 64;

/** Collects vectors of one length; each is brought to the length 1. */
export function createVectors() {
  let size = 0;
  let count = 0;
  let numbers = new Int16Array();

  function grow(): void {
    if ((count + 1) * size <= numbers.length) return;
    const larger = new Int16Array(Math.max(size * 1_024, numbers.length * 2));
    larger.set(numbers);
    numbers = larger;
  }

  return {
    /** Throws a `RangeError` for a vector of another length than the first one. */
    add(vector: ArrayLike<number>): void {
      if (count === 0) size = vector.length;
      if (vector.length !== size)
        throw new RangeError(`a vector has ${vector.length} dimensions, but the others have ${size}`);
      grow();
      const factor = SCALE / (lengthOf(vector) || 1);
      for (let index = 0; index < size; index++)
        numbers[count * size + index] = Math.round((vector[index] ?? 0) * factor);
      count++;
    },
    get: (): Vectors => ({ count, size, numbers }),
  };
}

/** Vectors of one length as a whole. */
export function vectorsOf(rows: readonly ArrayLike<number>[]): Vectors {
  const vectors = createVectors();
  for (const row of rows) vectors.add(row);
  return vectors.get();
}

/** One vector as floats of length 1. */
export function vectorAt({ size, numbers }: Vectors, row: number): Float32Array {
  return Float32Array.from(numbers.subarray(row * size, (row + 1) * size), (number) => number / SCALE);
}

export function lengthOf(vector: ArrayLike<number>): number {
  let squares = 0;
  for (let index = 0; index < vector.length; index++) squares += (vector[index] ?? 0) ** 2;
  return Math.sqrt(squares);
}

/** The cosine of a vector of floats of length 1 and a row. */
export function cosineTo({ size, numbers }: Vectors, row: number, vector: Float32Array): number {
  const start = row * size;
  let dot = 0;
  for (let index = 0; index < size; index++) dot += (numbers[start + index] ?? 0) * (vector[index] ?? 0);
  return dot / SCALE;
}

/**
 * Tests whether the cosine of two rows is at least a threshold, mostly from a part of their numbers. The remaining
 * numbers can add at most the product of both rests' lengths (Cauchy and Schwarz).
 */
export function createNearTest({ count, size, numbers }: Vectors) {
  const blocks = Math.ceil(size / BLOCK);
  const rests = new Float32Array(count * blocks);
  for (let row = 0; row < count; row++) {
    let rest = 0;
    for (let block = blocks - 1; block >= 0; block--) {
      rests[row * blocks + block] = Math.sqrt(rest);
      const end = row * size + Math.min(size, (block + 1) * BLOCK);
      for (let at = row * size + block * BLOCK; at < end; at++) rest += ((numbers[at] ?? 0) / SCALE) ** 2;
    }
  }
  const squared = SCALE * SCALE;

  /** The cosine, or −1 when it is below the threshold. */
  return function cosineFrom(threshold: number, one: number, two: number): number {
    let dot = 0;
    for (let block = 0; block < blocks; block++) {
      const end = one * size + Math.min(size, (block + 1) * BLOCK);
      const apart = (two - one) * size;
      let sum = 0;
      for (let at = one * size + block * BLOCK; at < end; at++) sum += (numbers[at] ?? 0) * (numbers[at + apart] ?? 0);
      dot += sum / squared;
      if (dot + (rests[one * blocks + block] ?? 0) * (rests[two * blocks + block] ?? 0) < threshold) return -1;
    }
    return Math.min(1, dot);
  };
}
