import { hash } from "node:crypto";

/** Vectors of recently compared texts; the least recently used are removed first. Each takes about 2 KB. */
export function createVectorCache(mostTexts: number) {
  const vectors = new Map<string, Float32Array>();
  const keyOf = (text: string) => hash("sha1", text, "base64");
  return {
    get(text: string): Float32Array | undefined {
      const key = keyOf(text);
      const vector = vectors.get(key);
      if (vector) {
        vectors.delete(key);
        vectors.set(key, vector);
      }
      return vector;
    },
    put(text: string, vector: readonly number[]): void {
      vectors.set(keyOf(text), Float32Array.from(vector));
      const [oldest] = vectors.keys();
      if (vectors.size > mostTexts && oldest !== undefined) vectors.delete(oldest);
    },
  };
}

/** The cosine of the angle between two vectors of equal length. 0 if one of them is zero. */
export function cosine(one: ArrayLike<number>, two: ArrayLike<number>): number {
  let dot = 0;
  let lengthOne = 0;
  let lengthTwo = 0;
  for (let index = 0; index < one.length; index++) {
    const [a, b] = [one[index] ?? 0, two[index] ?? 0];
    dot += a * b;
    lengthOne += a * a;
    lengthTwo += b * b;
  }
  const lengths = Math.sqrt(lengthOne * lengthTwo);
  return lengths === 0 ? 0 : dot / lengths;
}
