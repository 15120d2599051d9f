import type { KnowledgeSearching } from "@treadle/contract";
import { analyzeQuery, diversify, fuseByRank, fuseByScore, type ScoredOrdinal, scaleScores } from "@treadle/retrieval";
import type { VersionIndex } from "./load-version.ts";

export type RankOrder = {
  readonly text: string;
  /** Null if only words count. */
  readonly vector: Float32Array | null;
  readonly searching: KnowledgeSearching;
  readonly limit: number;
};
type Place = { readonly rank: number; readonly score: number };
export type RankedChunk = {
  readonly ordinal: number;
  readonly score: number;
  readonly words: Place | null;
  readonly meaning: Place | null;
};

/** Stemmers of at most so many languages read a query. */
const MOST_LANGUAGES = 5;

/** The terms of a query, read in each language of the version. */
export const termsOf = ({ languages }: VersionIndex, text: string) =>
  analyzeQuery(text, languages.slice(0, MOST_LANGUAGES));

/** Ranks the allowed chunks of a version: by words, by meaning, or by both lists joined. */
export function rankChunks(index: VersionIndex, order: RankOrder, allowed: Uint8Array | undefined): RankedChunk[] {
  const { text, vector, searching, limit } = order;
  const { mode, candidates } = searching;
  const options = { limit: Math.max(candidates, limit), ...(allowed && { allowed }) };
  const words = mode === "meaning" ? [] : index.lexical.search(termsOf(index, text), options);
  const meaning = mode === "words" || !vector || !index.vectors ? [] : index.vectors.search(vector, options);
  const joined = joinLists(words, meaning, searching);
  const limited = limitDocuments(index, joined, searching.perDocument);
  return searching.diversity === 0 ? limited.slice(0, limit) : spread(index, limited, order);
}

function joinLists(
  words: readonly ScoredOrdinal[],
  meaning: readonly ScoredOrdinal[],
  { mode, fusion, wordWeight }: KnowledgeSearching,
): RankedChunk[] {
  const [byWords, byMeaning] = [placesOf(words), placesOf(meaning)];
  const place = (ordinal: number, score: number): RankedChunk => ({
    ordinal,
    score,
    words: byWords.get(ordinal) ?? null,
    meaning: byMeaning.get(ordinal) ?? null,
  });
  if (mode !== "hybrid") return [...words, ...meaning].map(({ ordinal, score }) => place(ordinal, score));
  const weights = [wordWeight, 1 - wordWeight];
  const toIds = (list: readonly ScoredOrdinal[]) => list.map(({ ordinal, score }) => ({ id: idOf(ordinal), score }));
  const lists = [toIds(words), toIds(meaning)];
  const fused =
    fusion === "scores"
      ? fuseByScore(lists, weights)
      : fuseByRank(
          lists.map((list) => list.map(({ id }) => id)),
          { weights },
        );
  return fused.map(({ id, score }) => place(Number(id), score));
}

/** Ids order like the numbers. */
const idOf = (ordinal: number) => String(ordinal).padStart(10, "0");

const placesOf = (list: readonly ScoredOrdinal[]): ReadonlyMap<number, Place> =>
  new Map(list.map(({ ordinal, score }, at) => [ordinal, { rank: at + 1, score }]));

function limitDocuments(
  { chunks }: VersionIndex,
  ranked: readonly RankedChunk[],
  most: number,
): readonly RankedChunk[] {
  if (most === 0) return ranked;
  const counts = new Map<string, number>();
  return ranked.filter(({ ordinal }) => {
    const documentId = chunks[ordinal]?.documentId ?? "";
    const count = (counts.get(documentId) ?? 0) + 1;
    counts.set(documentId, count);
    return count <= most;
  });
}

/** Prefers chunks that differ from those before them. The scores stay those of the lists. */
function spread(
  { vectors }: VersionIndex,
  ranked: readonly RankedChunk[],
  { limit, searching }: RankOrder,
): RankedChunk[] {
  if (!vectors) return ranked.slice(0, limit);
  const scaled = scaleScores(ranked.map(({ score }) => score));
  const candidates = ranked.map((chunk, at) => ({ chunk, score: scaled[at] ?? 0 }));
  const lambda = 1 - searching.diversity;
  const similarity = (one: (typeof candidates)[number], other: (typeof candidates)[number]) =>
    vectors.similarity(one.chunk.ordinal, other.chunk.ordinal);
  return diversify(candidates, { limit, lambda, similarity }).map(({ chunk }) => chunk);
}
