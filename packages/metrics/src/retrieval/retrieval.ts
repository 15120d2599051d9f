/** What was retrieved, the best first, and the gain of each relevant document: more than 0, 1 where all are alike. */
export type Retrieval = {
  readonly retrieved: readonly string[];
  readonly relevant: ReadonlyMap<string, number>;
};

export const NOTHING_RELEVANT = "No document is relevant, so there is nothing to find.";

/** The gains in the order of retrieval. A document that comes again takes up its place and brings nothing. */
export function gainsOf({ retrieved, relevant }: Retrieval): number[] {
  for (const [document, gain] of relevant) {
    if (!(gain >= 0) || !Number.isFinite(gain))
      throw new RangeError(`The gain of ${document} is ${gain}. It must be 0 or more.`);
  }
  const ids = new Set<string>();
  return retrieved.map((document) => {
    const isNew = !ids.has(document);
    ids.add(document);
    return isNew ? (relevant.get(document) ?? 0) : 0;
  });
}

/** The number of relevant documents. Documents with gain 0 do not count. */
export function relevantCount({ relevant }: Retrieval): number {
  return Array.from(relevant.values()).reduce((count, gain) => count + (gain > 0 ? 1 : 0), 0);
}

/** Throws unless k is a whole number from 1. */
export function mustBeCut(k: number): void {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k is ${k}. It must be a whole number from 1.`);
}
