import { createRandom } from "@treadle/metrics";

/**
 * A random sample of exactly `size` out of `total` in one pass, each with the same probability. The n-th is selected
 * with the ratio of the missing to the remaining (Knuth, The Art of Computer Programming 3.4.2, S).
 */
export function createDraw({ total, size, seed }: { total: number; size: number; seed: number }) {
  const random = createRandom(seed);
  let [left, wanted] = [total, Math.min(size, total)];
  return {
    /** The chance of each. */
    probability: size >= total ? 1 : size / total,
    /** Whether the next one is taken. */
    next(): boolean {
      const isTaken = random.next() * left < wanted;
      left -= 1;
      if (isTaken) wanted -= 1;
      return isTaken;
    },
  };
}
