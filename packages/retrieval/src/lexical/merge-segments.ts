import { HALVES, type SegmentTerms } from "./segment-terms.ts";

/** The postings of all segments by term: term `t` has the slots from `starts[t]` to `starts[t + 1]`, by chunk ordinal. */
export type Postings = {
  readonly termIds: ReadonlyMap<string, number>;
  readonly starts: Uint32Array;
  readonly ordinals: Uint32Array;
  readonly weights: Uint32Array;
  /** The weighted number of terms of each chunk. */
  readonly lengths: Float64Array;
};

/**
 * Merges segments in their order: the chunks of the first segment have the first ordinals.
 * Throws if segments were analyzed by different versions, because their terms do not match.
 */
export function mergeSegments(segments: readonly SegmentTerms[]): Postings {
  mustMatch(segments);
  const termIds = new Map<string, number>();
  const globalIds = segments.map(({ terms }) => Uint32Array.from(terms, (term) => idOf(termIds, term)));
  const starts = countPostings(segments, globalIds, termIds.size);
  const total = starts.at(-1) ?? 0;
  const chunkCount = segments.reduce((sum, segment) => sum + segment.starts.length - 1, 0);
  const merged = { ordinals: new Uint32Array(total), weights: new Uint32Array(total), next: starts.slice() };
  const lengths = new Float64Array(chunkCount);
  let ordinal = 0;
  for (const [at, segment] of segments.entries()) {
    const ids = globalIds[at] ?? new Uint32Array();
    for (let chunk = 0; chunk < segment.starts.length - 1; chunk++, ordinal++)
      lengths[ordinal] = addChunk(merged, { segment, ids, chunk, ordinal });
  }
  return { termIds, starts, ordinals: merged.ordinals, weights: merged.weights, lengths };
}

function mustMatch(segments: readonly SegmentTerms[]): void {
  const [first] = segments;
  const at = segments.findIndex(({ analysis }) => analysis !== first?.analysis);
  if (at >= 0)
    throw new Error(
      `Segment ${at} was analyzed by version ${segments[at]?.analysis}, segment 0 by version ${first?.analysis}. Analyze both again.`,
    );
}

function idOf(termIds: Map<string, number>, term: string): number {
  const known = termIds.get(term);
  if (known !== undefined) return known;
  termIds.set(term, termIds.size);
  return termIds.size - 1;
}

/** Where the postings of each term start. */
function countPostings(
  segments: readonly SegmentTerms[],
  globalIds: readonly Uint32Array[],
  terms: number,
): Uint32Array {
  const starts = new Uint32Array(terms + 1);
  for (const [at, { termIds }] of segments.entries()) {
    const ids = globalIds[at] ?? new Uint32Array();
    for (let slot = 0; slot < termIds.length; slot++) {
      const next = (ids[termIds[slot] ?? 0] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
  }
  for (let term = 0; term < terms; term++) starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  return starts;
}

type Merged = { readonly ordinals: Uint32Array; readonly weights: Uint32Array; readonly next: Uint32Array };
type Chunk = {
  readonly segment: SegmentTerms;
  readonly ids: Uint32Array;
  readonly chunk: number;
  readonly ordinal: number;
};

/** Adds the postings of a chunk and returns its length. */
function addChunk({ ordinals, weights, next }: Merged, { segment, ids, chunk, ordinal }: Chunk): number {
  const end = segment.starts[chunk + 1] ?? 0;
  let halves = 0;
  for (let slot = segment.starts[chunk] ?? 0; slot < end; slot++) {
    const term = ids[segment.termIds[slot] ?? 0] ?? 0;
    const place = next[term] ?? 0;
    const weight = segment.weights[slot] ?? 0;
    next[term] = place + 1;
    ordinals[place] = ordinal;
    weights[place] = weight;
    halves += weight;
  }
  return halves / HALVES;
}
