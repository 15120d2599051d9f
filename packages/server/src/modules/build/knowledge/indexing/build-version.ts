import { ANALYSIS_VERSION, CHUNKING_VERSION } from "@treadle/retrieval";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import { createBlobs, sha256Of } from "../stores/blobs.ts";
import type { Embedder, KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore } from "../stores/document-store.ts";
import { contentHashOf, type Manifest, type ManifestDocument, readManifest, writeManifest } from "../stores/manifest.ts";
import { readSegmentMeta } from "../stores/read-segment.ts";
import { createSegmentStore, type SegmentRow } from "../stores/segment-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import { checkVersion } from "./check-version.ts";
import { inputHashOf, makeSegment } from "./make-segment.ts";

type Run = Pick<JobRun<unknown, null>, "scope" | "signal" | "report" | "jobId">;
type Order = { readonly base: BaseRow; readonly run: Run };
type Indexable = Awaited<ReturnType<ReturnType<typeof createDocumentStore>["listIndexable"]>>[number];
type Built = { readonly manifest: Manifest; readonly contentHash: string; readonly embedded: number };

/** Makes the next version of a base, and gives its number. Null if it would equal the latest one. */
export async function buildVersion(deps: KnowledgeDeps, order: Order): Promise<number | null> {
  const { base, run } = order;
  const embedder = await deps.embedding.find(run.scope, base.indexing.embeddingModel);
  const optionsHash = optionsHashOf(base, embedder);
  const built = await makeSegments(deps, order, { embedder, optionsHash });
  const latest = await createVersionStore(deps.db).findLatest(base.id);
  const isSame = latest ? latest.contentHash === built.contentHash : built.manifest.documents.length === 0;
  if (isSame) {
    await createDocumentStore(deps.db).markIndexed(base.id, indexedOf(built.manifest));
    return null;
  }
  run.report({ message: "Checking the version" });
  await checkVersion(deps, base, built.manifest);
  run.signal.throwIfAborted();
  return saveVersion(deps, order, { built, embedder, latest });
}

/** Of all that decides how a document becomes chunks and vectors. */
const optionsHashOf = ({ indexing: { chunkTokens, overlap } }: BaseRow, { hash, maxTokens }: Embedder) =>
  sha256Of(JSON.stringify([chunkTokens, overlap, hash, maxTokens, CHUNKING_VERSION, ANALYSIS_VERSION]));

type Options = { readonly embedder: Embedder; readonly optionsHash: string };

async function makeSegments(deps: KnowledgeDeps, { base, run }: Order, options: Options): Promise<Built> {
  const { scope, signal } = run;
  const rows = await createDocumentStore(deps.db).listIndexable(base.id);
  const stored = await createSegmentStore(deps.db).listSegments(base.id, options.optionsHash);
  const byInput = new Map(stored.map((row) => [`${row.documentId} ${row.inputHash}`, row]));
  const documents: ManifestDocument[] = [];
  let embedded = 0;
  for (const [done, row] of rows.entries()) {
    signal.throwIfAborted();
    if (row.parsedObject === null) continue;
    const document = { ...row, parsedObject: row.parsedObject, language: row.facts?.language ?? "unknown" };
    let segment = byInput.get(`${row.id} ${inputHashOf(document)}`);
    if (!segment) {
      const message = `Indexing document ${done + 1} of ${rows.length}`;
      run.report({ done, total: rows.length, unit: "documents", message });
      const made = await makeSegment(deps, { scope, base, document, signal, ...options });
      segment = made.segment;
      embedded += made.embedded;
    }
    documents.push(toManifest(row, document, segment));
  }
  const manifest = { format: 1, dimensions: await dimensionsOf(deps, documents), documents } as const;
  return { manifest, contentHash: contentHashOf(options.optionsHash, documents), embedded };
}

const toManifest = (
  { id, sourceId, key, title, contentHash }: Indexable,
  { parsedObject, language }: { parsedObject: string; language: string },
  segment: SegmentRow,
): ManifestDocument => ({
  documentId: id,
  sourceId,
  key,
  title,
  contentHash,
  parsedObject,
  segmentObject: segment.object,
  segmentHash: segment.contentHash,
  chunks: segment.chunks,
  language,
});

async function dimensionsOf({ objects }: KnowledgeDeps, documents: readonly ManifestDocument[]): Promise<number> {
  const first = documents.find(({ chunks }) => chunks > 0);
  if (!first) return 0;
  return (await readSegmentMeta(createBlobs(objects), first.segmentObject)).meta.dimensions;
}

const indexedOf = ({ documents }: Manifest) =>
  documents.map(({ documentId: id, parsedObject, chunks }) => ({ id, parsedObject, chunks }));

type Save = { readonly built: Built; readonly embedder: Embedder; readonly latest: VersionRow | undefined };

async function saveVersion(deps: KnowledgeDeps, { base, run }: Order, { built, embedder, latest }: Save) {
  const { manifest, contentHash, embedded } = built;
  const blobs = createBlobs(deps.objects);
  const { object: manifestObject } = await blobs.put(base.id, writeManifest(manifest));
  const before = latest ? (await readManifest(blobs, latest.manifestObject)).documents : [];
  const { projectId, actor } = run.scope;
  const version = (latest?.version ?? 0) + 1;
  const chunks = manifest.documents.reduce((sum, document) => sum + document.chunks, 0);
  const row: VersionRow = {
    baseId: base.id,
    version,
    projectId,
    state: "ready",
    contentHash,
    manifestObject,
    indexing: base.indexing,
    embedder: { model: embedder.model, dimensions: manifest.dimensions, hash: embedder.hash },
    counts: { documents: manifest.documents.length, chunks, embeddedChunks: embedded, ...changesOf(before, manifest) },
    jobId: run.jobId,
    createdBy: actor,
    createdAt: new Date(deps.clock.now()),
  };
  await deps.db.transaction(async (tx) => {
    const locked = await createBaseStore(tx).lockBase(projectId, base.id);
    if (!locked) throw new AppError("not_found", { message: "The knowledge base was deleted." });
    await createVersionStore(tx).createVersion(row);
    await createDocumentStore(tx).markIndexed(base.id, indexedOf(manifest));
    if (!locked.goesLive && locked.liveVersion !== null) return;
    await createBaseStore(tx).updateBase(projectId, base.id, { liveVersion: version });
  });
  return version;
}

/** How many documents were added, changed and removed. */
function changesOf(before: readonly ManifestDocument[], { documents }: Manifest) {
  const old = new Map(before.map((document) => [document.documentId, document]));
  const present = new Set(documents.map(({ documentId }) => documentId));
  return {
    added: documents.filter(({ documentId }) => !old.has(documentId)).length,
    changed: documents.filter(({ documentId, segmentHash }) => {
      const earlier = old.get(documentId);
      return earlier !== undefined && earlier.segmentHash !== segmentHash;
    }).length,
    removed: before.filter(({ documentId }) => !present.has(documentId)).length,
  };
}
