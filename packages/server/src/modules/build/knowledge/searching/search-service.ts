import type { KnowledgeSearch, KnowledgeSearchResult, SearchHit } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { toUnit } from "../indexing/make-segment.ts";
import { openVersion } from "../indexing/open-version.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import { createBlobs, sha256Of } from "../stores/blobs.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore } from "../stores/document-store.ts";
import { readManifest } from "../stores/manifest.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import type { FoundChunk, SearchOrder } from "../work/search-work.ts";
import { readsDocument } from "./may-find.ts";

/** Loading a version again because memory was needed elsewhere, a few times at most. */
const MOST_LOADS = 3;

type Found = { readonly base: BaseRow; readonly version: VersionRow };

type Request = { readonly request: KnowledgeSearch; readonly signal: AbortSignal };

export function createSearch(deps: KnowledgeDeps) {
  const load = createLoad(deps);
  return {
    /** The best chunks of a version for a query, among the documents that the caller may find. */
    async search(scope: Scope, baseId: string, { request, signal }: Request): Promise<KnowledgeSearchResult> {
      const startedAt = performance.now();
      const found = await findSearched(deps, scope, { baseId, wanted: request.version });
      const { base, version } = found;
      const searching = { ...base.searching, ...request.searching };
      const vector = searching.mode === "words" ? null : await embedQuery(deps, scope, { version, request, signal });
      const order = {
        key: `${base.id} ${version.version}`,
        accessKey: accessKeyOf(base, request),
        text: request.query,
        vector,
        searching,
        limit: request.limit,
        explains: request.explain,
      };
      const hits = await ask(deps, found, { order, request, load });
      return {
        knowledgeBaseId: base.id,
        version: version.version,
        hits: await presentHits(deps, base.id, hits),
        durationMs: performance.now() - startedAt,
      };
    },
  };
}

type Searched = { readonly baseId: string; readonly wanted: number | undefined };

async function findSearched({ db }: KnowledgeDeps, scope: Scope, { baseId, wanted }: Searched): Promise<Found> {
  const base = await createBaseStore(db).findBase(scope.projectId, baseId);
  if (!base) throw notFound("knowledge base", baseId);
  const number = wanted ?? base.liveVersion;
  if (number === null)
    throw new AppError("conflict", {
      message: `The knowledge base "${base.name}" has no live version yet. Add a document and wait until it is indexed.`,
    });
  const version = await createVersionStore(db).findVersion(baseId, number);
  if (!version) throw notFound("index version", String(number));
  if (version.state === "pruned")
    throw new AppError("conflict", { message: `Version ${number} was pruned. Search another version.` });
  return { base, version };
}

type Query = { readonly version: VersionRow; readonly request: KnowledgeSearch; readonly signal: AbortSignal };

async function embedQuery({ embedding }: KnowledgeDeps, scope: Scope, { version, request, signal }: Query) {
  const { model, hash, dimensions } = version.embedder;
  if (dimensions === 0) return null;
  const embedder = await embedding.find(scope, model);
  if (embedder.hash !== hash)
    throw new AppError("conflict", {
      message: `Version ${version.version} was embedded by another file of the model ${model}. Build a new version, or search by words.`,
    });
  const order = { model, texts: [request.query], purpose: "query" } as const;
  const [vector] = await embedding.embed(scope, order, signal);
  const unit = toUnit(vector, model);
  if (unit.length === dimensions) return unit;
  throw new AppError("conflict", {
    message: `The model ${model} now gives vectors with ${unit.length} numbers, and version ${version.version} has ${dimensions}. Build a new version, or search by words.`,
  });
}

/** Equal for requests that may find the same documents. */
const accessKeyOf = (
  { accessRevision }: BaseRow,
  { principals = [], sources, documents, metadata, filter }: KnowledgeSearch,
) => sha256Of(JSON.stringify([accessRevision, [...principals].sort(), sources, documents, metadata, filter]));

type Asked = { readonly order: SearchOrder; readonly request: KnowledgeSearch; readonly load: Load };

/** Searches in the thread, which says what it needs first. */
async function ask(deps: KnowledgeDeps, found: Found, { order, request, load }: Asked): Promise<readonly FoundChunk[]> {
  for (let loads = 0; loads <= 2 * MOST_LOADS; loads++) {
    const answer = await deps.searchThread.ask("search", order);
    if (answer.missing === null) return answer.hits;
    if (answer.missing === "index") await load(found, order.key);
    else await allow(deps, found, { order, request });
  }
  throw new AppError("overloaded", {
    message: "The index was removed from memory while it was searched. Search fewer knowledge bases at the same time.",
  });
}

type Load = ReturnType<typeof createLoad>;

/** Loads a version. Searches that wait for the same version share its load. */
function createLoad(deps: KnowledgeDeps) {
  const loads = new Map<string, Promise<unknown>>();
  async function read({ base, version }: Found, key: string) {
    const { documents } = await readManifest(createBlobs(deps.objects), version.manifestObject);
    return openVersion(deps, { base, key, documents });
  }
  return async (found: Found, key: string): Promise<void> => {
    const loading = loads.get(key) ?? read(found, key).finally(() => loads.delete(key));
    loads.set(key, loading);
    await loading;
  };
}

async function allow(
  { db, searchThread }: KnowledgeDeps,
  { base }: Found,
  { order, request }: Omit<Asked, "load">,
): Promise<void> {
  const rows = await createDocumentStore(db).listAccess(base.id);
  const documentIds = rows.filter((row) => readsDocument(row, request)).map(({ id }) => id);
  await searchThread.ask("allow", { key: order.key, accessKey: order.accessKey, documentIds });
}

async function presentHits(deps: KnowledgeDeps, baseId: string, hits: readonly FoundChunk[]): Promise<SearchHit[]> {
  const ids = [...new Set(hits.map(({ chunk }) => chunk.documentId))];
  const rows = new Map((await createDocumentStore(deps.db).listByIds(baseId, ids)).map((row) => [row.id, row]));
  const texts = await Promise.all(hits.map((hit) => readText(deps, hit)));
  return hits.flatMap(({ chunk, score, words, meaning, terms }, at) => {
    const document = rows.get(chunk.documentId);
    const text = texts[at];
    // A document can be deleted during a search.
    if (!document || document.deletedAt || text === undefined) return [];
    const { id: chunkId, documentId, headings, page, lastPage, start, end } = chunk;
    const place = {
      chunkId,
      documentId,
      title: document.title,
      uri: document.key,
      headings,
      page,
      lastPage,
      start,
      end,
    };
    return [{ rank: at + 1, ...place, text, score, words, meaning, terms }];
  });
}

async function readText({ objects }: KnowledgeDeps, { chunk }: FoundChunk): Promise<string | undefined> {
  const bytes = await createBlobs(objects)
    .get(chunk.object, { start: chunk.from, end: chunk.to })
    .catch((error) => {
      if (error instanceof AppError && error.code === "not_found") return undefined;
      throw error;
    });
  return bytes?.toString();
}
