import type { KnowledgeDocument, knowledgeApi, ParsedOf } from "@treadle/contract";
import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { findBase, findDocument, lockBase } from "./find-base.ts";
import type { IndexJob } from "./indexing/index-job.ts";
import { nameOf } from "./indexing/parse-documents.ts";
import { createBaseStore } from "./stores/base-store.ts";
import { createBlobs } from "./stores/blobs.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "./stores/document-store.ts";
import { removeLink } from "./stores/index-folder.ts";
import { deleteUnused } from "./stores/object-store.ts";
import { createSegmentStore } from "./stores/segment-store.ts";
import { createSourceStore, type SourceRow } from "./stores/source-store.ts";

type Api = typeof knowledgeApi;
type Query = ParsedOf<Api["GET /api/v1/knowledge/:knowledgeBaseId/documents"]>["query"];
type Patch = ParsedOf<Api["PATCH /api/v1/knowledge/:knowledgeBaseId/documents/:documentId"]>["body"];
type UploadQuery = ParsedOf<Api["POST /api/v1/knowledge/:knowledgeBaseId/documents"]>["query"];
export type Upload = {
  readonly query: UploadQuery;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
};
type Place = { readonly knowledgeBaseId: string; readonly documentId: string };

const UPLOADS = { kind: "upload", name: "Uploads" } as const;
const NO_KIND = { error: null, parsedObject: null, facts: null } as const;

export const createDocuments = (deps: KnowledgeDeps, job: IndexJob) => ({
  ...createReads(deps),
  ...createUpload(deps, job),
  ...createChanges(deps, job),
});

function createReads(deps: KnowledgeDeps) {
  return {
    async listDocuments(scope: Scope, baseId: string, { limit, cursor, ...filter }: Query) {
      await findBase(deps, scope, baseId);
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createDocumentStore(deps.db).listDocuments(baseId, { limit: limit + 1, before, ...filter });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: page.items.map(presentDocument) };
    },

    async getDocument(scope: Scope, { knowledgeBaseId, documentId }: Place): Promise<KnowledgeDocument> {
      await findBase(deps, scope, knowledgeBaseId);
      return presentDocument(await findDocument(deps, knowledgeBaseId, documentId));
    },

    /** The file that was uploaded, with its name. */
    async readFile(scope: Scope, { knowledgeBaseId, documentId }: Place) {
      await findBase(deps, scope, knowledgeBaseId);
      const { key, mediaType, contentObject } = await findDocument(deps, knowledgeBaseId, documentId);
      return { name: nameOf(key), mediaType, bytes: await createBlobs(deps.objects).get(contentObject) };
    },
  };
}

function createUpload(deps: KnowledgeDeps, job: IndexJob) {
  const { db, audit } = deps;
  return {
    async upload(scope: Scope, baseId: string, { query, bytes, mediaType }: Upload): Promise<KnowledgeDocument> {
      const base = await findBase(deps, scope, baseId);
      checkBytes(query.name, bytes);
      const blobs = createBlobs(deps.objects);
      const stored = await blobs.put(base.id, bytes);
      const replaced: string[] = [];
      const row = await db.transaction(async (tx) => {
        const locked = await lockBase(tx, scope, baseId);
        const source = await uploadsOf(deps, tx, { scope, baseId });
        const existing = await createDocumentStore(tx).findByKey(source.id, query.name);
        const file = { ...stored, sizeBytes: bytes.byteLength, mediaType };
        const saved = await saveUpload(deps, tx, { scope, source, query, file, existing });
        if (existing) replaced.push(...oldObjects(existing, saved));
        await createBaseStore(tx).changeAccess(scope.projectId, baseId);
        await job.send(tx, scope, { base: locked, isUrgent: false });
        const details = { name: query.name, base: base.name };
        await audit.record(scope, { action: "knowledge-document.upload", target: saved.id, details }, tx);
        return saved;
      });
      await deleteUnused(db, blobs, { baseId, objects: replaced });
      // A deletion of equal bytes can have ended in between.
      await blobs.put(base.id, bytes);
      return presentDocument(row);
    },
  };
}

function checkBytes(name: string, { byteLength }: Uint8Array): void {
  if (byteLength === 0)
    throw new AppError("unprocessable", { message: `The file ${name} is empty. Upload a file with content.` });
  if (byteLength > MAX_DOCUMENT_BYTES)
    throw new AppError("payload_too_large", {
      message: `The file ${name} is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB. Divide it into smaller files.`,
    });
}

/** Versions hold what was parsed of a file, not the file, so the earlier file is not needed. */
const oldObjects = (existing: DocumentRow, { contentObject }: DocumentRow) =>
  existing.contentObject === contentObject ? [] : [existing.contentObject];

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
  readonly scope: Scope;
  readonly source: SourceRow;
  readonly query: UploadQuery;
  readonly file: { object: string; contentHash: string; sizeBytes: number; mediaType: string };
  readonly existing: DocumentRow | undefined;
};

async function saveUpload({ clock }: KnowledgeDeps, tx: Postgres, { scope, source, query, file, existing }: Saved) {
  const now = new Date(clock.now());
  const { name: key, title } = query;
  const { object: contentObject, ...facts } = file;
  const principals = query.principals;
  const store = createDocumentStore(tx);
  const changes = {
    ...facts,
    contentObject,
    ...(title !== undefined && { title, ownTitle: title }),
    ...(principals && { principals }),
    updatedAt: now,
  };
  if (existing) {
    const isSame = existing.contentHash === facts.contentHash && existing.state !== "failed";
    const row = await store.updateDocument(source.baseId, existing.id, {
      ...changes,
      ...(!isSame && { state: "waiting", error: null }),
    });
    if (row) return row;
  }
  const row: DocumentRow = {
    id: newId("kdoc", now.getTime()),
    projectId: scope.projectId,
    baseId: source.baseId,
    sourceId: source.id,
    key,
    title: nameOf(key),
    ownTitle: null,
    etag: "",
    state: "waiting",
    ...NO_KIND,
    chunks: null,
    principals: principals ?? source.principals,
    metadata: {},
    deletedAt: null,
    createdAt: now,
    ...changes,
  };
  await store.createDocument(row);
  return row;
}

function createChanges(deps: KnowledgeDeps, job: IndexJob) {
  const { db, audit, clock } = deps;
  return {
    async updateDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place, patch: Patch) {
      const { title, ...access } = patch;
      await findBase(deps, scope, baseId);
      const row = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const named = title === undefined ? {} : { title, ownTitle: title };
        const changes = { ...access, ...named, updatedAt: new Date(clock.now()) };
        const updated = await createDocumentStore(tx).updateDocument(baseId, documentId, changes);
        if (!updated) throw notFound("document", documentId);
        await createBaseStore(tx).changeAccess(scope.projectId, baseId);
        if (title !== undefined) await job.send(tx, scope, { base, isUrgent: false });
        const details = { name: updated.key, fields: Object.keys(patch) };
        await audit.record(scope, { action: "knowledge-document.update", target: documentId, details }, tx);
        return updated;
      });
      return presentDocument(row);
    },

    async retryDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place): Promise<KnowledgeDocument> {
      await findBase(deps, scope, baseId);
      const row = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const changes = { state: "waiting" as const, error: null, updatedAt: new Date(clock.now()) };
        const updated = await createDocumentStore(tx).updateDocument(baseId, documentId, changes);
        if (!updated) throw notFound("document", documentId);
        await job.send(tx, scope, { base, isUrgent: true });
        return updated;
      });
      return presentDocument(row);
    },

    /** Its text and its vectors are gone when this returns. */
    async deleteDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place): Promise<void> {
      await findBase(deps, scope, baseId);
      const document = await findDocument(deps, baseId, documentId);
      const segments = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const row = await createDocumentStore(tx).buryDocument(baseId, documentId, new Date(clock.now()));
        if (!row) throw notFound("document", documentId);
        const taken = await createSegmentStore(tx).takeSegments(documentId);
        await createBaseStore(tx).changeAccess(scope.projectId, baseId);
        await job.send(tx, scope, { base, isUrgent: false });
        const details = { name: row.key, base: base.name };
        await audit.record(scope, { action: "knowledge-document.delete", target: documentId, details }, tx);
        return taken;
      });
      const blobs = createBlobs(deps.objects);
      const { contentObject, parsedObject } = document;
      const ofSegments = segments.flatMap(({ object, parsedObject: parsed }) => [object, parsed]);
      const objects = [contentObject, ...(parsedObject ? [parsedObject] : []), ...ofSegments];
      await deleteUnused(db, blobs, { baseId, objects });
      for (const { object } of segments) await removeLink(deps, baseId, object);
      await deps.searchThread.ask("forget", { documentId });
    },
  };
}

export const presentDocument = (row: DocumentRow): KnowledgeDocument => ({
  documentId: row.id,
  sourceId: row.sourceId,
  title: row.title,
  uri: row.key,
  state: row.state,
  error: row.error,
  format: row.facts?.format ?? null,
  sizeBytes: row.sizeBytes,
  characters: row.facts?.characters ?? null,
  pages: row.facts?.pages ?? null,
  chunks: row.chunks,
  language: row.facts?.language ?? null,
  warnings: [...(row.facts?.warnings ?? [])],
  principals: row.principals,
  metadata: row.metadata,
  contentHash: row.contentHash,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
