import { ANALYSIS_VERSION, type Analyzer } from "../analysis/index.ts";

/** The fields of a chunk that are searched. */
export type ChunkFields = { readonly body: string; readonly title?: string; readonly heading?: string };

/**
 * The terms of a document's chunks. Chunk `c` has the postings from `starts[c]` to `starts[c + 1]`: positions in `terms`,
 * in ascending order, with weights. Weights are frequencies in halves, so that boosts of 1.5 stay whole numbers.
 */
export type SegmentTerms = {
  /** `ANALYSIS_VERSION` when the terms were made. */
  readonly analysis: string;
  readonly language: string;
  /** Distinct, in ascending order of UTF-16 units. */
  readonly terms: readonly string[];
  readonly starts: Uint32Array;
  readonly termIds: Uint32Array;
  readonly weights: Uint32Array;
};

/** Weights are stored in halves: 2 is one occurrence in the body. */
export const HALVES = 2;

/** Halves per occurrence: a word in the title counts 2 times, and in a heading 1.5 times as much as in the body. */
const FIELD_WEIGHTS = { body: 2, title: 4, heading: 3 } as const;

/** Analyzes the chunks of a document. Fields are added into one weighted frequency and one weighted length per chunk. */
export function collectTerms(chunks: readonly ChunkFields[], analyzer: Analyzer): SegmentTerms {
  const counted = chunks.map((chunk) => weighTerms(chunk, analyzer));
  const terms = [...new Set(counted.flatMap((weights) => [...weights.keys()]))].sort();
  const ids = new Map(terms.map((term, id) => [term, id]));
  const starts = new Uint32Array(chunks.length + 1);
  for (const [at, weights] of counted.entries()) starts[at + 1] = (starts[at] ?? 0) + weights.size;
  const [termIds, weights] = [new Uint32Array(starts.at(-1) ?? 0), new Uint32Array(starts.at(-1) ?? 0)];
  for (const [at, chunk] of counted.entries()) {
    const postings = Array.from(chunk, ([term, weight]) => ({ id: ids.get(term) ?? 0, weight }));
    for (const [offset, { id, weight }] of postings.sort((a, b) => a.id - b.id).entries()) {
      const slot = (starts[at] ?? 0) + offset;
      termIds[slot] = id;
      weights[slot] = weight;
    }
  }
  return { analysis: ANALYSIS_VERSION, language: analyzer.language, terms, starts, termIds, weights };
}

function weighTerms(chunk: ChunkFields, analyzer: Analyzer): Map<string, number> {
  const weights = new Map<string, number>();
  for (const field of ["body", "title", "heading"] as const) {
    for (const term of analyzer.terms(chunk[field] ?? "")) {
      weights.set(term, (weights.get(term) ?? 0) + FIELD_WEIGHTS[field]);
    }
  }
  return weights;
}
