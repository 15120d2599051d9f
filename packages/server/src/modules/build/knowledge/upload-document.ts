import { isDeepStrictEqual } from "node:util";
import { type KnowledgeDocument, type knowledgeApi, MAX_DOCUMENT_BYTES, type ParsedOf } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { findBase, lockBase } from "./find-base.ts";
import type { IndexJob } from "./indexing/index-job.ts";
import { nameOf } from "./indexing/parse-documents.ts";
import { presentDocument } from "./present-document.ts";
import { type BaseRow, createBaseStore } from "./stores/base-store.ts";
import { createBlobs } from "./stores/blobs.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "./stores/document-store.ts";
import { deleteUnused } from "./stores/object-store.ts";
import { createSourceStore, type SourceRow } from "./stores/source-store.ts";

type UploadQuery = ParsedOf<(typeof knowledgeApi)["POST /api/v1/knowledge/:knowledgeBaseId/documents"]>["query"];
/** What an uploaded file of the project adds to its document. */
export type Attached = Pick<DocumentRow, "fileId" | "chunking" | "metadata">;
export type Upload = {
  readonly query: UploadQuery;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly attached?: Partial<Attached>;
};

const UPLOADS = { kind: "upload", name: "Uploads" } as const;

export function createUpload(deps: KnowledgeDeps, job: IndexJob) {
  const { db } = deps;
  return {
    async upload(
      scope: Scope,
      baseId: string,
      { query, bytes, mediaType, attached = {} }: Upload,
    ): Promise<KnowledgeDocument> {
      const base = await findBase(deps, scope, baseId);
      checkBytes(query.name, bytes);
      const blobs = createBlobs(deps.objects);
      const stored = await blobs.put(base.id, bytes);
      // If this fails, for example because the base was deleted, the file is not needed.
      let unused: string | null = stored.object;
      try {
        const file = { ...stored, sizeBytes: bytes.byteLength, mediaType, attached };
        const { saved, replaced } = await db.transaction(async (tx) => {
          const order = { scope, base: await lockBase(tx, scope, baseId), query, file, job };
          await blobs.keep(baseId, stored.object, bytes);
          return replaceUpload(deps, tx, order);
        });
        // Versions hold what was parsed of a file, not the file, so the earlier file is not needed.
        unused = replaced === stored.object ? null : replaced;
        return presentDocument(saved);
      } finally {
        await deleteUnused(db, blobs, { base: { projectId: scope.projectId, baseId }, objects: [unused] });
      }
    },
  };
}

type UploadedFile = {
  readonly object: string;
  readonly contentHash: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly attached: Partial<Attached>;
};
type Replace = {
  readonly scope: Scope;
  /** Locked. */
  readonly base: BaseRow;
  readonly query: UploadQuery;
  readonly file: UploadedFile;
  readonly job: IndexJob;
};

/** Saves the document of a name, and queues its index job. */
async function replaceUpload(deps: KnowledgeDeps, tx: Postgres, { scope, base, query, file, job }: Replace) {
  const source = await uploadsOf(deps, tx, { scope, baseId: base.id });
  const existing = await createDocumentStore(tx).findByKey(source.id, query.name);
  const saved = await saveUpload(deps, tx, { source, query, file, existing });
  await createBaseStore(tx).changeAccess(scope.projectId, base.id);
  await job.send(tx, scope, { base, isUrgent: false });
  const details = { name: query.name, base: base.name };
  await deps.audit.record(scope, { action: "knowledge-document.upload", target: saved.id, details }, tx);
  return { saved, replaced: existing?.contentObject ?? null };
}

function checkBytes(name: string, { byteLength }: Uint8Array): void {
  if (byteLength === 0)
    throw new AppError("unprocessable", { message: `The file ${name} is empty. Upload a file with content.` });
  if (byteLength > MAX_DOCUMENT_BYTES)
    throw new AppError("payload_too_large", {
      message: `The file ${name} is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB. Divide it into smaller files.`,
    });
}

/** The source of uploaded files, which the first upload makes. */
async function uploadsOf({ clock }: KnowledgeDeps, tx: Postgres, { scope, baseId }: { scope: Scope; baseId: string }) {
  const store = createSourceStore(tx);
  const existing = await store.findOfKind(baseId, UPLOADS.kind);
  if (existing) return existing;
  const now = new Date(clock.now());
  const row: SourceRow = {
    id: newId("ksrc", now.getTime()),
    projectId: scope.projectId,
    baseId,
    ...UPLOADS,
    settings: {},
    secret: null,
    principals: ["public"],
    everySeconds: null,
    isEnabled: true,
    lastSync: null,
    jobId: null,
    createdBy: scope.actor,
    createdAt: now,
    updatedAt: now,
  };
  await store.createSource(row);
  return row;
}

type Saved = {
  readonly source: SourceRow;
  readonly query: UploadQuery;
  readonly file: UploadedFile;
  readonly existing: DocumentRow | undefined;
};

async function saveUpload({ clock }: KnowledgeDeps, tx: Postgres, { source, query, file, existing }: Saved) {
  const now = new Date(clock.now());
  const store = createDocumentStore(tx);
  const changes = changesOf(query, file, now);
  if (existing) {
    const row = await store.updateDocument(source.baseId, existing.id, { ...changes, ...nextState(existing, file) });
    if (row) return row;
  }
  const row = { ...newDocument(source, query.name, now), ...changes };
  await store.createDocument(row);
  return row;
}

/** Other bytes are parsed again, and other chunks are indexed again. */
function nextState(existing: DocumentRow, { contentHash, attached: { chunking } }: UploadedFile) {
  if (existing.contentHash !== contentHash || existing.state === "failed")
    return { state: "waiting", error: null } as const;
  const isCutAgain = chunking !== undefined && !isDeepStrictEqual(chunking, existing.chunking);
  return isCutAgain && existing.state === "indexed" ? ({ state: "parsed" } as const) : {};
}

function changesOf({ title, principals }: UploadQuery, { object, attached, ...facts }: UploadedFile, updatedAt: Date) {
  return {
    ...facts,
    ...attached,
    contentObject: object,
    ...(title !== undefined && { title, ownTitle: title }),
    ...(principals && { principals }),
    updatedAt,
  };
}

const newDocument = ({ id: sourceId, projectId, baseId, principals }: SourceRow, key: string, createdAt: Date) => ({
  id: newId("kdoc", createdAt.getTime()),
  projectId,
  baseId,
  sourceId,
  key,
  title: nameOf(key),
  ownTitle: null,
  etag: "",
  fileId: null,
  chunking: null,
  state: "waiting" as const,
  error: null,
  quarantinedAt: null,
  releasedHash: null,
  parsedObject: null,
  facts: null,
  chunks: null,
  principals,
  metadata: {},
  deletedAt: null,
  createdAt,
});
