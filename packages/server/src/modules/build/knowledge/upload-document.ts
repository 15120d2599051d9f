import type { KnowledgeDocument, knowledgeApi, ParsedOf } from "@treadle/contract";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { findBase } from "./find-base.ts";
import type { IndexJob } from "./indexing/index-job.ts";
import { presentDocument } from "./present-document.ts";
import { createBaseStore } from "./stores/base-store.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import type { DocumentRow } from "./stores/document-store.ts";
import { createSourceStore, type SourceRow, UPLOAD, UPLOADS_NAME } from "./stores/source-store.ts";
import { saveDocument, storeDocument } from "./storing/store-document.ts";

type UploadQuery = ParsedOf<(typeof knowledgeApi)["POST /api/v1/knowledge/:knowledgeBaseId/documents"]>["query"];
/** What an uploaded file of the project adds to its document. */
export type Attached = Pick<DocumentRow, "fileId" | "chunking" | "metadata">;
export type Upload = {
  readonly query: UploadQuery;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly attached?: Partial<Attached>;
};

export function createUpload(deps: KnowledgeDeps, job: IndexJob) {
  return {
    async upload(
      scope: Scope,
      baseId: string,
      { query, bytes, mediaType, attached = {} }: Upload,
    ): Promise<KnowledgeDocument> {
      await findBase(deps, scope, baseId);
      const { name: key, ...given } = query;
      const facts = { ...given, key, mediaType, sizeBytes: bytes.byteLength, etag: "", syncId: null, attached };
      const { saved } = await storeDocument(deps, {
        base: { projectId: scope.projectId, baseId },
        name: key,
        bytes,
        async save(tx, base, stored) {
          const source = await uploadsOf(deps, tx, { scope, baseId });
          const result = await saveDocument(deps, tx, { source, file: { ...facts, ...stored } });
          await createBaseStore(tx).changeAccess(scope.projectId, baseId);
          await job.send(tx, scope, { base, isUrgent: false });
          const details = { name: key, base: base.name };
          await deps.audit.record(scope, { action: "knowledge-document.upload", target: result.saved.id, details }, tx);
          return result;
        },
      });
      return presentDocument(saved);
    },
  };
}

/** The source of uploaded files, which the first upload makes. */
async function uploadsOf({ clock }: KnowledgeDeps, tx: Postgres, { scope, baseId }: { scope: Scope; baseId: string }) {
  const store = createSourceStore(tx);
  const existing = await store.findOfKind(baseId, UPLOAD);
  if (existing) return existing;
  const now = new Date(clock.now());
  const row: SourceRow = {
    id: newId("ksrc", now.getTime()),
    projectId: scope.projectId,
    baseId,
    kind: UPLOAD,
    name: UPLOADS_NAME,
    settings: {},
    secret: null,
    principals: ["public"],
    everySeconds: null,
    isEnabled: true,
    lastSync: null,
    jobId: null,
    nextSyncAt: null,
    deletedAt: null,
    createdBy: scope.actor,
    createdAt: now,
    updatedAt: now,
  };
  await store.createSource(row);
  return row;
}
