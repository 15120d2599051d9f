import type { KnowledgeSearch, KnowledgeSearchResult, KnowledgeVersion, SearchHit } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Passage } from "../request/grounding.ts";
import type { KnowledgeSettings } from "./settings.ts";

/** Knowledge bases as the gateway uses them. Both throw `not_found` for a base of another project. */
export type KnowledgeBases = {
  search(
    scope: Scope,
    knowledgeBaseId: string,
    search: { readonly request: KnowledgeSearch; readonly signal: AbortSignal },
  ): Promise<KnowledgeSearchResult>;
  getVersion(
    scope: Scope,
    place: { readonly knowledgeBaseId: string; readonly version: number },
  ): Promise<Pick<KnowledgeVersion, "contentHash">>;
};

/** A passage before its guards read it. */
export type FoundPassage = Omit<Passage, "number" | "sent">;
export type Found = {
  readonly version: number;
  readonly contentHash: string;
  readonly passages: readonly FoundPassage[];
};

const MOST_HASHES = 1_000;
const MOST_CHARACTERS = 10_000;

/** Searches a knowledge base for a question. Throws what the search throws. */
export function createFindPassages({ search, getVersion }: KnowledgeBases) {
  // A version never changes.
  const hashes = new Map<string, string>();
  async function hashOf(scope: Scope, knowledgeBaseId: string, version: number): Promise<string> {
    const key = `${scope.projectId} ${knowledgeBaseId}@${version}`;
    const known = hashes.get(key);
    if (known !== undefined) return known;
    const { contentHash } = await getVersion(scope, { knowledgeBaseId, version });
    if (hashes.size >= MOST_HASHES) hashes.clear();
    hashes.set(key, contentHash);
    return contentHash;
  }

  return async (
    scope: Scope,
    settings: KnowledgeSettings,
    { question, signal }: { readonly question: string; readonly signal: AbortSignal },
  ): Promise<Found> => {
    const { knowledgeBaseId } = settings;
    const result = await search(scope, knowledgeBaseId, { request: requestOf(settings, question), signal });
    const { version, hits } = result;
    const contentHash = await hashOf(scope, knowledgeBaseId, version);
    return { version, contentHash, passages: aboveScore(hits, settings.minScore).map(toPassage) };
  };
}

const requestOf = ({ version, principals, metadata, chunks }: KnowledgeSettings, query: string): KnowledgeSearch => ({
  query,
  limit: chunks,
  ...(version !== undefined && { version }),
  principals: [...principals],
  ...(metadata && { metadata: { ...metadata } }),
  explain: false,
});

/** A search by words only has no similarities. */
function aboveScore(hits: readonly SearchHit[], minScore: number | undefined): readonly SearchHit[] {
  if (minScore === undefined || hits.every(({ meaning }) => meaning === null)) return hits;
  return hits.filter(({ meaning }) => meaning !== null && meaning.score >= minScore);
}

const toPassage = ({ words: _words, meaning, terms: _terms, ...hit }: SearchHit): FoundPassage => ({
  ...hit,
  similarity: meaning?.score ?? null,
});

/** What is searched for: the last text of the user, and with `history` the texts before it as far as there is place. */
export function questionOf(texts: readonly string[], history: boolean): string {
  const last = texts.at(-1);
  if (last === undefined)
    throw new AppError("unprocessable", {
      message:
        "The request has no message of the user with text, so the knowledge base cannot be searched. Add one, or leave `knowledge` out.",
      details: { param: "messages" },
    });
  const question = last.slice(0, MOST_CHARACTERS);
  const room = MOST_CHARACTERS - question.length - 1;
  const earlier = history && room > 0 ? texts.slice(0, -1).join("\n").slice(-room).trim() : "";
  return earlier === "" ? question : `${earlier}\n${question}`;
}
