import type {
  KnowledgeSearching,
  KnowledgeSearchResult,
  SearchHit,
  VectorStoreSearch,
  VectorStoreSearchResult,
} from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { fileIdOf, fileNameOf } from "./present.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

/** What fusion by ranks gives for the first place in both lists. */
const BEST_BY_RANKS = 1 / 61;

type Order = { readonly id: string; readonly request: VectorStoreSearch; readonly signal: AbortSignal };
type Scored = { readonly hit: SearchHit; readonly score: number };

export const createSearchOperations = (deps: VectorStoresDeps) => ({
  /** The best chunks, with scores from 0 to 1. */
  async search(scope: Scope, { id, request, signal }: Order) {
    const { query, max_num_results: limit, ranking_options } = request;
    const queries = typeof query === "string" ? [query] : query;
    const scored = await searchAll(deps, scope, { id, request, signal, queries });
    const least = ranking_options?.score_threshold ?? 0;
    const best = scored.filter(({ score }) => score >= least).slice(0, limit);
    return {
      object: "vector_store.search_results.page" as const,
      search_query: queries,
      data: await presentHits(deps, scope, { id, scored: best }),
      has_more: false,
      next_page: null,
    };
  },
});

type All = Order & { readonly queries: readonly string[] };

/** The hits of all queries, each chunk with its best score. */
async function searchAll({ knowledge }: VectorStoresDeps, scope: Scope, { id, request, signal, queries }: All) {
  const base = await knowledge.get(scope, id);
  // Nothing is indexed yet.
  if (base.liveVersion === null) return [];
  const { filters: filter, principals, max_num_results: limit } = request;
  const best = new Map<string, Scored>();
  for (const query of queries) {
    const search = { query, limit, filter, principals, explain: false };
    const { hits } = await knowledge.search(scope, id, { request: search, signal });
    for (const scored of scoresOf(hits, base.searching))
      if (scored.score > (best.get(scored.hit.chunkId)?.score ?? -1)) best.set(scored.hit.chunkId, scored);
  }
  const all = [...best.values()];
  // With diversity, the order of one query is not that of the scores.
  return queries.length === 1 ? all : all.toSorted((one, other) => other.score - one.score);
}

/**
 * Scores from 0 to 1. Those of `hybrid` have 1 for the best hit of both lists, those of `words` for the best hit. Those of `meaning` are
 * similarities.
 */
function scoresOf(hits: KnowledgeSearchResult["hits"], { mode, fusion }: KnowledgeSearching): Scored[] {
  const highest = Math.max(...hits.map(({ score }) => score));
  const unit = mode === "words" ? highest : mode === "hybrid" && fusion === "ranks" ? BEST_BY_RANKS : 1;
  return hits.map((hit) => ({ hit, score: Math.min(1, Math.max(0, hit.score / (unit || 1))) }));
}

type Hits = { readonly id: string; readonly scored: readonly Scored[] };

async function presentHits(
  { knowledge }: VectorStoresDeps,
  scope: Scope,
  { id, scored }: Hits,
): Promise<VectorStoreSearchResult[]> {
  const ids = [...new Set(scored.map(({ hit }) => hit.documentId))];
  const documents = new Map(
    (await knowledge.listDocumentsByIds(scope, id, ids)).map((document) => [document.documentId, document]),
  );
  return scored.flatMap(({ hit: { documentId, text }, score }) => {
    const document = documents.get(documentId);
    // It was deleted during the search.
    if (!document) return [];
    const content = [{ type: "text" as const, text }];
    return [
      { file_id: fileIdOf(document), filename: fileNameOf(document), score, attributes: document.metadata, content },
    ];
  });
}
