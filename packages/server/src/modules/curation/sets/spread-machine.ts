import { findCentres, nearestCentres } from "./k-means.ts";
import { createVectors } from "./vectors.ts";

export type SpreadParams = {
  /** How many topics the texts are taken to have at most. */
  readonly topics: number;
};

/** A topic has at least so many rows, so that a row that is far from all is no topic of its own. */
const ROWS_PER_TOPIC = 50;

/** Tells how far each row's vector lies from the middle of the topic it is nearest to. */
export function createSpreadMachine({ topics }: SpreadParams) {
  const collected = createVectors();
  return {
    add(vectors: readonly ArrayLike<number>[]): void {
      for (const vector of vectors) collected.add(vector);
    },
    /** 1 − cosine for each row. */
    finish(): Float64Array {
      const vectors = collected.get();
      const wanted = Math.max(1, Math.min(topics, Math.floor(vectors.count / ROWS_PER_TOPIC)));
      const centres = findCentres(vectors, wanted);
      return Float64Array.from(
        { length: vectors.count },
        (_, row) => 1 - (nearestCentres(vectors, row, centres)[0]?.cosine ?? 1),
      );
    },
  };
}
