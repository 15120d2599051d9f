import type { KnowledgeSearching } from "@treadle/contract";
import { type IndexedChunk, openVersionIndex, type PlacedSegment, type VersionIndex } from "./load-version.ts";
import { type RankedChunk, rankChunks, termsOf } from "./rank-chunks.ts";

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
  const memory = createMemory();
  return {
    async open({ key, segments }: Open): Promise<Opened> {
      const { index } = memory.use(key) ?? (await memory.load(key, segments));
      return { documents: index.documents.length, chunks: index.chunks.length };
    },
    allow({ key, accessKey, documentIds }: Allow): boolean {
      const loaded = memory.use(key);
      if (loaded) keepAccess(loaded, accessKey, new Set(documentIds));
      return loaded !== undefined;
    },
    search(order: SearchOrder): Found {
      const loaded = memory.use(order.key);
      if (!loaded) return { missing: "index" };
      const allowed = loaded.access.get(order.accessKey);
      // Without a list nothing is found.
      return allowed ? { missing: null, hits: findChunks(loaded.index, order, allowed) } : { missing: "access" };
    },
    probe: ({ key }: { readonly key: string }): Probed => probe(memory.use(key)?.index),
    close: ({ key }: { readonly key: string }): boolean => memory.drop((one) => one === key),
    forget: (order: Forget): boolean => memory.drop((key, index) => isNamed(order, key, index)),
  };
}

function createMemory() {
  const versions = new Map<string, Loaded>();
  const opening = new Map<string, Promise<VersionIndex>>();
  const use = (key: string): Loaded | undefined => {
    const loaded = versions.get(key);
    if (!loaded) return undefined;
    versions.delete(key);
    versions.set(key, loaded);
    return loaded;
  };
  return {
    use,
    /** Searches that come together share the work, and the lists of who may find what. */
    async load(key: string, segments: readonly PlacedSegment[]): Promise<Loaded> {
      const reading = opening.get(key) ?? openVersionIndex(segments).finally(() => opening.delete(key));
      opening.set(key, reading);
      const index = await reading;
      const loaded = use(key) ?? { index, access: new Map() };
      versions.set(key, loaded);
      dropOldest(versions);
      return loaded;
    },
    drop(isDropped: (key: string, index: VersionIndex) => boolean): boolean {
      for (const [key, { index }] of versions) if (isDropped(key, index)) versions.delete(key);
      return true;
    },
  };
}

function keepAccess({ index, access }: Loaded, accessKey: string, documentIds: ReadonlySet<string>): void {
  access.set(accessKey, allowedRows(index, documentIds));
  for (const oldest of access.keys()) {
    if (access.size <= MOST_ACCESS_LISTS) return;
    access.delete(oldest);
  }
}

const findChunks = (index: VersionIndex, order: SearchOrder, allowed: Uint8Array): FoundChunk[] =>
  rankChunks(index, order, allowed).flatMap(({ ordinal, ...ranked }) => {
    const chunk = index.chunks[ordinal];
    return chunk ? [{ ...ranked, chunk, terms: order.explains ? explain(index, ordinal, order.text) : [] }] : [];
  });

function probe(index: VersionIndex | undefined): Probed {
  if (!index?.vectors) return { checked: 0, lost: 0 };
  const { chunks, vectors } = index;
  const count = Math.min(PROBES, chunks.length);
  const sample = Array.from({ length: count }, (_, at) => Math.floor((at * chunks.length) / count));
  const lost = sample.filter((ordinal) => {
    const [best] = vectors.search(vectors.row(ordinal), { limit: 1 });
    return !best || best.score < 1 - SAME;
  });
  return { checked: count, lost: lost.length };
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
