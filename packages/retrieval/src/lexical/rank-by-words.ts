import { type Allowed, mustCoverRows } from "../ranking/allowed.ts";
import { createTopScores, type ScoredOrdinal, type TopScores } from "../ranking/top-scores.ts";
import { mergeSegments, type Postings } from "./merge-segments.ts";
import { HALVES, type SegmentTerms } from "./segment-terms.ts";

/** What a term of the query adds to the score of a chunk. */
export type TermScore = {
  readonly term: string;
  /** Chunks of the version that hold the term. */
  readonly documentFrequency: number;
  readonly inverseDocumentFrequency: number;
  /** The weighted frequency in the chunk; 0 if the chunk does not hold the term. */
  readonly frequency: number;
  readonly contribution: number;
};

export type LexicalIndex = {
  readonly chunkCount: number;
  readonly termCount: number;
  /** The mean weighted number of terms per chunk. */
  readonly averageLength: number;
  /** The best chunks that hold at least one term, best first, ties by ordinal. A repeated term counts again. */
  search(terms: readonly string[], options: { readonly limit: number; readonly allowed?: Allowed }): ScoredOrdinal[];
  /** Why a chunk has its score: the contributions add up to the score of `search`. */
  explain(ordinal: number, terms: readonly string[]): TermScore[];
};

/** Lucene's defaults: how fast repetitions saturate, and how much long chunks are held back. */
const K1 = 1.2;
const B = 0.75;

/**
 * Merges the segments of a version and ranks their chunks by BM25 as Lucene 8 and later define it:
 * Σ idf · f / (f + k1 (1 − b + b · length / mean length)), idf = ln(1 + (N − df + ½) / (df + ½)), k1 1.2, b .75.
 * N, df and the mean length are those of the whole version, whatever a search allows, so that a score does not depend on
 * who searches.
 */
export function buildLexicalIndex(segments: readonly SegmentTerms[]): LexicalIndex {
  const postings = mergeSegments(segments);
  const chunkCount = postings.lengths.length;
  const averageLength = chunkCount === 0 ? 0 : postings.lengths.reduce((sum, one) => sum + one, 0) / chunkCount;
  const model = createModel(postings, averageLength);
  const scores = new Float64Array(chunkCount);
  const touched = new Uint32Array(chunkCount);
  return {
    chunkCount,
    termCount: postings.termIds.size,
    averageLength,
    search(terms, { limit, allowed }) {
      mustCoverRows(allowed, chunkCount);
      const top = createTopScores(limit);
      let count = 0;
      for (const term of terms) count = addScores({ model, term, allowed, scores, touched }, count);
      moveScores(touched.subarray(0, count), scores, top);
      return top.sorted();
    },
    explain(ordinal, terms) {
      if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= chunkCount)
        throw new RangeError(`There is no chunk ${ordinal}. The index has ${chunkCount} chunks, from 0.`);
      return terms.map((term) => model.explain(ordinal, term));
    },
  };
}

type Model = ReturnType<typeof createModel>;

function createModel({ termIds, starts, ordinals, weights, lengths }: Postings, averageLength: number) {
  const saturations = lengths.map((length) => K1 * (1 - B + (B * length) / (averageLength || 1)));
  const rangeOf = (term: string): readonly [start: number, end: number] => {
    const id = termIds.get(term);
    return id === undefined ? [0, 0] : [starts[id] ?? 0, starts[id + 1] ?? 0];
  };
  const inverse = (frequency: number) => Math.log(1 + (lengths.length - frequency + 0.5) / (frequency + 0.5));
  return {
    ordinals,
    weights,
    saturations,
    rangeOf,
    inverse,
    explain(ordinal: number, term: string): TermScore {
      const [start, end] = rangeOf(term);
      const slot = findOrdinal(ordinals, { start, end, ordinal });
      const frequency = slot < 0 ? 0 : (weights[slot] ?? 0) / HALVES;
      const inverseDocumentFrequency = inverse(end - start);
      const contribution = (inverseDocumentFrequency * frequency) / (frequency + (saturations[ordinal] ?? 0) || 1);
      return { term, documentFrequency: end - start, inverseDocumentFrequency, frequency, contribution };
    },
  };
}

type Accumulator = {
  readonly model: Model;
  readonly term: string;
  readonly allowed: Allowed | undefined;
  readonly scores: Float64Array;
  readonly touched: Uint32Array;
};

/** Adds the term's share to the scores of its allowed chunks and returns how many chunks have a score. */
function addScores({ model, term, allowed, scores, touched }: Accumulator, count: number): number {
  const { ordinals, weights, saturations } = model;
  const [start, end] = model.rangeOf(term);
  const inverse = model.inverse(end - start);
  let next = count;
  for (let slot = start; slot < end; slot++) {
    const ordinal = ordinals[slot] ?? 0;
    if (allowed && allowed[ordinal] === 0) continue;
    const frequency = (weights[slot] ?? 0) / HALVES;
    const before = scores[ordinal] ?? 0;
    if (before === 0) touched[next++] = ordinal;
    scores[ordinal] = before + (inverse * frequency) / (frequency + (saturations[ordinal] ?? 0));
  }
  return next;
}

/** Offers the scores of the touched chunks to the best ones, and resets them to 0 for the next search. */
function moveScores(touched: Uint32Array, scores: Float64Array, top: TopScores): void {
  for (let at = 0; at < touched.length; at++) {
    const ordinal = touched[at] ?? 0;
    const score = scores[ordinal] ?? 0;
    if (score >= top.threshold()) top.add(ordinal, score);
    scores[ordinal] = 0;
  }
}

type Range = { readonly start: number; readonly end: number; readonly ordinal: number };

/** The slot of a chunk in the ascending ordinals of a term, or −1. */
function findOrdinal(ordinals: Uint32Array, { start, end, ordinal }: Range): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordinals[middle] ?? 0) < ordinal) low = middle + 1;
    else high = middle;
  }
  return low < end && ordinals[low] === ordinal ? low : -1;
}
