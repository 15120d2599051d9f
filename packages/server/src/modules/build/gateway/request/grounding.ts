/** A passage of a knowledge base that a call is answered from. */
export type Passage = {
  /** From 1; the answer cites the passage by it. */
  readonly number: number;
  readonly documentId: string;
  readonly chunkId: string;
  readonly title: string;
  readonly uri: string;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly lastPage: number | null;
  /** Its place in the text of the document, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Its place in the results of the search, from 1. */
  readonly rank: number;
  readonly score: number;
  /** The cosine of the question and the passage; null without vectors. */
  readonly similarity: number | null;
  /** The text as the caller may see it: without what guards removed. */
  readonly text: string;
  /** The text as the model and the trace get it: also without what guards replaced. */
  readonly sent: string;
};

/** What a call was grounded in. */
export type Grounding = {
  readonly knowledgeBaseId: string;
  readonly version: number;
  readonly contentHash: string;
  /** The query as it may be stored. */
  readonly query: string;
  readonly principals: readonly string[];
  /** Empty if nothing was found. */
  readonly passages: readonly Passage[];
  /** Passages that guards removed. */
  readonly withheld: number;
  /** What happens to citations that are not verified. */
  readonly policy: "remove" | "flag";
  readonly whenNotFound: string;
  /** On the monotonic clock. */
  readonly startedElapsed: number;
  readonly endedElapsed: number;
};

/** Whether a call has no passages to answer from. */
export const isUnanswerable = ({ grounding }: { readonly grounding: Grounding | null }): boolean =>
  grounding !== null && grounding.passages.length === 0;
