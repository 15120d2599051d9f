import type { KnowledgeSearching } from "@treadle/contract";
import { type RankedChunk, rankChunks, termsOf } from "./rank-chunks.ts";
import { type IndexedChunk, openVersionIndex, type PlacedSegment, type VersionIndex } from "./version-index.ts";

type Open = { readonly key: string; readonly segments: readonly PlacedSegment[] };
type Opened = { readonly documents: number; readonly chunks: number };
type Allow = { readonly key: string; readonly accessKey: string; readonly documentIds: readonly string[] };
export type SearchOrder = {
  readonly key: string;
  /** Names the documents that `allow` listed. */
  readonly accessKey: string;
  readonly text: string;
  readonly vector: Float32Array | null;
  readonly searching: KnowledgeSearching;
  readonly limit: number;
  readonly explains: boolean;
};
export type FoundTerm = {
  readonly term: string;
  readonly count: number;
  readonly documentFrequency: number;
  readonly score: number;
};
export type FoundChunk = Omit<RankedChunk, "ordinal"> & { readonly chunk: IndexedChunk; readonly terms: FoundTerm[] };
type Found = { readonly missing: "index" | "access" } | { readonly missing: null; readonly hits: FoundChunk[] };
type Forget = { readonly documentId: string } | { readonly baseId: string };
type Probed = { readonly checked: number; readonly lost: number };

/** The orders of the thread that searches. */
export type SearchOrders = {
  /** Reads a version into memory. */
  readonly open: { readonly order: Open; readonly answer: Opened };
  /** Lists the documents that searches with a key may find. */
  readonly allow: { readonly order: Allow; readonly answer: boolean };
  /** The best chunks. It says what is missing if the version or the list is not in memory (any more). */
  readonly search: { readonly order: SearchOrder; readonly answer: Found };
  /** Whether a sample of chunks find themselves by their vectors. */
  readonly probe: { readonly order: { readonly key: string }; readonly answer: Probed };
  readonly close: { readonly order: { readonly key: string }; readonly answer: boolean };
  /** Removes the versions with a document, or those of a base, from memory. */
  readonly forget: { readonly order: Forget; readonly answer: boolean };
};

type Loaded = { readonly index: VersionIndex; readonly access: Map<string, Uint8Array> };

/** Versions in memory together; at least one is. */
const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_ACCESS_LISTS = 200;
const PROBES = 20;
const SAME = 1e-3;

/** Versions in memory, the least recently used first. */
export function createSearchWork() {
  const versions = new Map<string, Loaded>();
  const opening = new Map<string, Promise<VersionIndex>>();
  const use = (key: string): Loaded | undefined => {
    const loaded = versions.get(key);
    if (!loaded) return undefined;
    versions.delete(key);
    versions.set(key, loaded);
    return loaded;
  };

  /** Searches that come together share the work, and the lists of who may find what. */
  async function load(key: string, segments: readonly PlacedSegment[]): Promise<Loaded> {
    const reading = opening.get(key) ?? openVersionIndex(segments).finally(() => opening.delete(key));
    opening.set(key, reading);
    const index = await reading;
    const loaded = use(key) ?? { index, access: new Map() };
    versions.set(key, loaded);
    dropOldest(versions);
    return loaded;
  }

  return {
    async open({ key, segments }: Open): Promise<Opened> {
      const { index } = use(key) ?? (await load(key, segments));
      return { documents: index.documents.length, chunks: index.chunks.length };
    },

    allow({ key, accessKey, documentIds }: Allow): boolean {
      const loaded = use(key);
      if (!loaded) return false;
      loaded.access.set(accessKey, allowedRows(loaded.index, new Set(documentIds)));
      for (const oldest of loaded.access.keys()) {
        if (loaded.access.size <= MOST_ACCESS_LISTS) break;
        loaded.access.delete(oldest);
      }
      return true;
    },

    search({ key, accessKey, explains, ...order }: SearchOrder): Found {
      const loaded = use(key);
      if (!loaded) return { missing: "index" };
      const allowed = loaded.access.get(accessKey);
      // Without a list nothing is found.
      if (!allowed) return { missing: "access" };
      const { index } = loaded;
      const hits = rankChunks(index, order, allowed).flatMap(({ ordinal, ...ranked }) => {
        const chunk = index.chunks[ordinal];
        return chunk ? [{ ...ranked, chunk, terms: explains ? explain(index, ordinal, order.text) : [] }] : [];
      });
      return { missing: null, hits };
    },

    probe({ key }: { readonly key: string }): Probed {
      const { chunks, vectors } = versions.get(key)?.index ?? { chunks: [], vectors: null };
      if (!vectors) return { checked: 0, lost: 0 };
      const count = Math.min(PROBES, chunks.length);
      const sample = Array.from({ length: count }, (_, at) => Math.floor((at * chunks.length) / count));
      const lost = sample.filter((ordinal) => {
        const [best] = vectors.search(vectors.row(ordinal), { limit: 1 });
        return !best || best.score < 1 - SAME;
      });
      return { checked: count, lost: lost.length };
    },

    close({ key }: { readonly key: string }): boolean {
      return versions.delete(key);
    },

    forget(order: Forget): boolean {
      for (const [key, { index }] of versions) if (isNamed(order, key, index)) versions.delete(key);
      return true;
    },
  };
}

/** The key of a version begins with its base. */
const isNamed = (order: Forget, key: string, { documents }: VersionIndex) =>
  "baseId" in order
    ? key.startsWith(`${order.baseId} `)
    : documents.some(({ documentId }) => documentId === order.documentId);

function dropOldest(versions: Map<string, Loaded>): void {
  let bytes = versions.values().reduce((sum, { index }) => sum + index.bytes, 0);
  for (const [key, { index }] of versions) {
    if (bytes <= MOST_BYTES || versions.size === 1) return;
    versions.delete(key);
    bytes -= index.bytes;
  }
}

function allowedRows({ documents, chunks }: VersionIndex, ids: ReadonlySet<string>): Uint8Array {
  const rows = new Uint8Array(chunks.length);
  for (const { documentId, first, count } of documents) if (ids.has(documentId)) rows.fill(1, first, first + count);
  return rows;
}

const explain = (index: VersionIndex, ordinal: number, text: string): FoundTerm[] =>
  index.lexical
    .explain(ordinal, termsOf(index, text))
    .filter(({ frequency }) => frequency > 0)
    .map(({ term, frequency: count, documentFrequency, contribution: score }) => ({
      term,
      count,
      documentFrequency,
      score,
    }))
    .toSorted((one, other) => other.score - one.score);
