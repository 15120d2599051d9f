import { createVectors, findCentres, nearestCentres } from "@treadle/metrics";

export type SpreadParams = {
  /** How many topics the texts are taken to have at most. */
  readonly topics: number;
};

/** The minimum number of rows of a topic, so that a distant row is not a separate topic. */
const ROWS_PER_TOPIC = 50;

/** Computes the distance of each row's vector from the center of its nearest topic. */
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
