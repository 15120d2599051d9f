import { ANALYSIS_VERSION, CHUNKING_VERSION } from "@treadle/retrieval";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import { createBlobs, sha256Of } from "../stores/blobs.ts";
import type { Embedder, KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore } from "../stores/document-store.ts";
import {
  contentHashOf,
  type Manifest,
  type ManifestDocument,
  readManifest,
  writeManifest,
} from "../stores/manifest.ts";
import { deleteUnused } from "../stores/object-store.ts";
import { readSegmentMeta } from "../stores/read-segment.ts";
import { createSegmentStore, type SegmentRow } from "../stores/segment-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import { checkVersion } from "./check-version.ts";
import { inputHashOf, makeSegment } from "./make-segment.ts";

type Run = Pick<JobRun<unknown, null>, "scope" | "signal" | "report" | "jobId">;
type Order = { readonly base: BaseRow; readonly run: Run };
type Indexable = Awaited<ReturnType<ReturnType<typeof createDocumentStore>["listIndexable"]>>[number];
type Built = { readonly manifest: Manifest; readonly contentHash: string; readonly embedded: number };

/**
 * Makes the next version of a base, and gives its number. Null if it would equal the latest one, or if documents were deleted or replaced
 * meanwhile, so that it would be outdated.
 */
export async function buildVersion(deps: KnowledgeDeps, order: Order): Promise<number | null> {
  const { base, run } = order;
  const embedder = await deps.embedding.find(run.scope, base.indexing.embeddingModel);
  const optionsHash = optionsHashOf(base, embedder);
  const built = await makeSegments(deps, order, { embedder, optionsHash });
  if (!built) return null;
  const latest = await readLatest(deps, base);
  if (isSame(built, latest)) {
    await createDocumentStore(deps.db).markIndexed(base.id, indexedOf(built.manifest));
    return null;
  }
  run.report({ message: "Checking the version" });
  if (!(await checkVersion(deps, base, built.manifest))) return null;
  run.signal.throwIfAborted();
  return saveVersion(deps, order, { built, embedder, latest });
}

type Latest = { readonly row: VersionRow | undefined; readonly documents: readonly ManifestDocument[] };

async function readLatest({ db, objects }: KnowledgeDeps, base: BaseRow): Promise<Latest> {
  const row = await createVersionStore(db).findLatest(base.id);
  return { row, documents: row ? (await readManifest(createBlobs(objects), row.manifestObject)).documents : [] };
}

/** A document that was deleted and uploaded again has another id, so that the latest version no longer finds it. */
function isSame({ manifest, contentHash }: Built, { row, documents }: Latest): boolean {
  if (!row) return manifest.documents.length === 0;
  const ids = new Set(documents.map(({ documentId }) => documentId));
  return row.contentHash === contentHash && manifest.documents.every(({ documentId }) => ids.has(documentId));
}

/** Of all that decides how a document becomes chunks and vectors. */
const optionsHashOf = ({ indexing: { chunkTokens, overlap } }: BaseRow, { hash, maxTokens }: Embedder) =>
  sha256Of(JSON.stringify([chunkTokens, overlap, hash, maxTokens, CHUNKING_VERSION, ANALYSIS_VERSION]));

type Options = { readonly embedder: Embedder; readonly optionsHash: string };

async function makeSegments(deps: KnowledgeDeps, { base, run }: Order, options: Options): Promise<Built | null> {
  const { scope, signal } = run;
  const rows = await createDocumentStore(deps.db).listIndexable(base.id);
  // A version without their earlier text would not find them until the next one.
  if (await createDocumentStore(deps.db).hasReplaced(base.id)) return null;
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
      if (!made) return null;
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

type Save = { readonly built: Built; readonly embedder: Embedder; readonly latest: Latest };

async function saveVersion(deps: KnowledgeDeps, order: Order, save: Save): Promise<number | null> {
  const { base, run } = order;
  const { manifest } = save.built;
  const { projectId } = run.scope;
  const blobs = createBlobs(deps.objects);
  const { object: manifestObject } = await blobs.put(base.id, writeManifest(manifest));
  const row = { ...versionOf(order, save), manifestObject, createdAt: new Date(deps.clock.now()) };
  const isSaved = await deps.db.transaction(async (tx) => {
    const locked = await createBaseStore(tx).lockBase(projectId, base.id);
    const deleted = await createDocumentStore(tx).listDeleted(base.id);
    if (!locked || manifest.documents.some(({ documentId }) => deleted.has(documentId))) return false;
    await createVersionStore(tx).createVersion(row);
    await createDocumentStore(tx).markIndexed(base.id, indexedOf(manifest));
    if (locked.goesLive || locked.liveVersion === null)
      await createBaseStore(tx).updateBase(projectId, base.id, { liveVersion: row.version });
    return true;
  });
  if (isSaved) return row.version;
  await deleteUnused(deps.db, blobs, { base: { projectId, baseId: base.id }, objects: [manifestObject] });
  return null;
}

function versionOf({ base, run }: Order, { built, embedder, latest }: Save) {
  const { manifest, contentHash, embedded } = built;
  const chunks = manifest.documents.reduce((sum, document) => sum + document.chunks, 0);
  const changes = changesOf(latest.documents, manifest);
  return {
    baseId: base.id,
    version: (latest.row?.version ?? 0) + 1,
    projectId: run.scope.projectId,
    state: "ready" as const,
    contentHash,
    indexing: base.indexing,
    embedder: { model: embedder.model, dimensions: manifest.dimensions, hash: embedder.hash },
    counts: { documents: manifest.documents.length, chunks, embeddedChunks: embedded, ...changes },
    jobId: run.jobId,
    createdBy: run.scope.actor,
  };
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
