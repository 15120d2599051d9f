import type { AnnotationContent, AnnotationSource, AnnotationSuggestion, AnnotationValues } from "@treadle/contract";

/** A candidate for a queue's item. */
export type Incoming = {
  readonly source: AnnotationSource;
  readonly content: AnnotationContent;
  readonly metadata: Readonly<Record<string, string>>;
  readonly suggestion: AnnotationSuggestion | null;
  readonly gold: AnnotationValues | null;
  readonly tolerance: number;
  /** Null for the value of the whole order. */
  readonly priority: number | null;
  /** The reason for the selection. By default, the reason of the whole order. */
  readonly reason?: string;
  /** The probability of selection. Null if the item was chosen by hand. */
  readonly inclusionProbability: number | null;
};

/** Items on their way, null for what has nothing to look at; and how many there were to choose from, where it is known. */
export type Arriving = {
  readonly matching: number | null;
  readonly items: AsyncIterable<Incoming | null> | Iterable<Incoming | null>;
};

const NOWHERE = { traceId: null, spanId: null, sessionId: null, datasetId: null, itemId: null, runIds: [] };
export const sourceOf = (
  source: Pick<AnnotationSource, "type" | "key"> & Partial<Omit<AnnotationSource, "type" | "key">>,
): AnnotationSource => ({ ...NOWHERE, ...source });

export const PLAIN = { suggestion: null, gold: null, tolerance: 0, priority: null, inclusionProbability: null };
