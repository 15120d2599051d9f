import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { BaseRow } from "../stores/base-store.ts";
import { createBlobs, sha256Of } from "../stores/blobs.ts";
import type { Embedder, KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "../stores/document-store.ts";
import { createSegmentStore, type SegmentRow } from "../stores/segment-store.ts";
import { readSegment } from "../work/segment-file.ts";

const BATCH_TEXTS = 32;
/** Earlier segments of a document in which vectors are looked for. */
const MOST_EARLIER = 10;

export type SegmentOrder = {
  readonly scope: Scope;
  readonly base: Pick<BaseRow, "id" | "indexing">;
  readonly embedder: Embedder;
  readonly optionsHash: string;
  readonly document: {
    readonly id: string;
    readonly title: string;
    readonly parsedObject: string;
    readonly language: string;
    readonly chunking: DocumentRow["chunking"];
  };
  readonly signal: AbortSignal;
};

/** What the segment of a document depends on, besides the options. */
export const inputHashOf = ({ parsedObject, title, chunking }: SegmentOrder["document"]) =>
  sha256Of(JSON.stringify([parsedObject, title, ...(chunking ? [chunking.chunkTokens, chunking.overlap] : [])]));

type Made = { readonly segment: SegmentRow; readonly embedded: number };

/**
 * Cuts, embeds and stores a document. Chunks that the same model embedded before are not embedded again. Null if the document was
 * deleted or parsed again meanwhile.
 */
export async function makeSegment(deps: KnowledgeDeps, order: SegmentOrder): Promise<Made | null> {
  try {
    return await cutAndStore(deps, order);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    const { base, document } = order;
    const row = await createDocumentStore(deps.db).findDocument(base.id, document.id);
    if (row?.parsedObject === document.parsedObject) throw error;
    return null;
  }
}

async function cutAndStore(deps: KnowledgeDeps, order: SegmentOrder): Promise<Made | null> {
  const { base, embedder, document } = order;
  const blobs = createBlobs(deps.objects);
  const { id: documentId, title, language } = document;
  const parsed = await blobs.get(document.parsedObject);
  const { maxTokens } = embedder;
  const indexing = { ...base.indexing, ...document.chunking };
  const cut = await deps.indexThread.ask("cut", { parsed, documentId, title, indexing, maxTokens });
  const known = await readKnown(deps, order, new Set(cut.map(({ embeddedHash }) => embeddedHash)));
  const missing = cut.filter(({ embeddedHash }) => !known.has(embeddedHash));
  const texts = new Map(missing.map(({ embeddedHash, embedded }) => [embeddedHash, embedded]));
  for (const [hash, vector] of await embedTexts(deps, order, texts)) known.set(hash, vector);
  const vectors = cut.map(({ embeddedHash }) => known.get(embeddedHash) ?? new Float32Array());
  const dimensions = vectors[0]?.length ?? 0;
  const chunks = cut.map(({ chunk, embeddedHash }) => ({ ...chunk, embeddedHash }));
  const sealed = await deps.indexThread.ask("seal", {
    parsed,
    documentId,
    title,
    language,
    dimensions,
    chunks,
    vectors: joinVectors(vectors, dimensions),
  });
  const segment = await store(deps, order, { ...sealed, chunks: cut.length });
  return segment && { segment, embedded: texts.size };
}

/** The wanted vectors of this document's earlier segments, by the hash of what was embedded. */
async function readKnown(
  { db, objects }: KnowledgeDeps,
  { document, embedder }: SegmentOrder,
  wanted: ReadonlySet<string>,
) {
  const known = new Map<string, Float32Array>();
  for (const { object } of await createSegmentStore(db).listEmbedded(document.id, embedder.hash, MOST_EARLIER)) {
    if (known.size === wanted.size) break;
    const { meta, vectors } = readSegment(await createBlobs(objects).get(object));
    // A copy, so that the other vectors do not stay in memory.
    for (const [at, { embeddedHash }] of meta.chunks.entries())
      if (wanted.has(embeddedHash))
        known.set(embeddedHash, vectors.slice(at * meta.dimensions, (at + 1) * meta.dimensions));
  }
  return known;
}

async function embedTexts(
  { embedding }: KnowledgeDeps,
  { scope, embedder, signal }: SegmentOrder,
  texts: ReadonlyMap<string, string>,
): Promise<(readonly [string, Float32Array])[]> {
  const entries = [...texts];
  const embedded: (readonly [string, Float32Array])[] = [];
  for (let at = 0; at < entries.length; at += BATCH_TEXTS) {
    signal.throwIfAborted();
    const batch = entries.slice(at, at + BATCH_TEXTS);
    const order = { model: embedder.model, texts: batch.map(([, text]) => text), purpose: "passage" } as const;
    const vectors = await embedding.embed(scope, order, signal);
    for (const [place, [hash]] of batch.entries()) embedded.push([hash, toUnit(vectors[place], embedder.model)]);
  }
  return embedded;
}

/** A vector of length 1. Throws if the model gave none. */
export function toUnit(vector: ArrayLike<number> | undefined, model: string): Float32Array {
  const numbers = Float32Array.from(vector ?? []);
  let squares = 0;
  for (const value of numbers) squares += value * value;
  if (!(squares > 0) || !Number.isFinite(squares))
    throw new AppError("unprocessable", {
      message: `The model ${model || "of this server"} gave no usable vector for a text. Choose another embedding model.`,
    });
  const length = Math.sqrt(squares);
  return numbers.map((value) => value / length);
}

function joinVectors(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const joined = new Float32Array(vectors.length * dimensions);
  for (const [at, vector] of vectors.entries()) {
    if (vector.length !== dimensions)
      throw new AppError("unprocessable", {
        message: `The embedding model gave vectors with ${dimensions} and with ${vector.length} numbers. Choose another embedding model.`,
      });
    joined.set(vector, at * dimensions);
  }
  return joined;
}

type Sealed = { readonly file: Uint8Array; readonly contentHash: string; readonly chunks: number };

async function store(
  { db, objects, clock }: KnowledgeDeps,
  { base, scope, document, optionsHash, embedder }: SegmentOrder,
  { file, contentHash, chunks }: Sealed,
): Promise<SegmentRow | null> {
  const blobs = createBlobs(objects);
  const { object } = await blobs.put(base.id, file);
  const row = {
    documentId: document.id,
    optionsHash,
    inputHash: inputHashOf(document),
    projectId: scope.projectId,
    baseId: base.id,
    object,
    contentHash,
    embedderHash: embedder.hash,
    parsedObject: document.parsedObject,
    chunks,
    sizeBytes: file.byteLength,
    createdAt: new Date(clock.now()),
  };
  const isStored = await db.transaction(async (tx) => {
    if (!(await createDocumentStore(tx).lockDocument(base.id, document.id))) return false;
    await createSegmentStore(tx).saveSegment(row);
    return true;
  });
  if (isStored) return row;
  await blobs.delete(object);
  return null;
}
