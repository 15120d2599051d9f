/** A stored answer that fits a call: how it was found, and the call that it was made for. */
export type CacheMatch = {
  readonly kind: "exact" | "normalized" | "semantic";
  /** The cosine of the two questions; 1 for equal ones. */
  readonly similarity: number;
  /** Null if the cache does not store it. */
  readonly source: { readonly traceId: string; readonly spanId: string } | null;
  /** False if the model answered anyway, to check the cache. */
  readonly isServed: boolean;
};

export const EXACT_MATCH: CacheMatch = { kind: "exact", similarity: 1, source: null, isServed: true };
