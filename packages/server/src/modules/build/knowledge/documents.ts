import type { KnowledgeDocument, knowledgeApi, ParsedOf } from "@treadle/contract";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createDocumentChanges } from "./change-document.ts";
import { createFileDocuments } from "./file-documents.ts";
import { findBase, findDocument } from "./find-base.ts";
import type { IndexJob } from "./indexing/index-job.ts";
import { nameOf } from "./indexing/parse-documents.ts";
import { presentDocument } from "./present-document.ts";
import { createBlobs } from "./stores/blobs.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore } from "./stores/document-store.ts";
import { createUpload } from "./upload-document.ts";

type Query = ParsedOf<(typeof knowledgeApi)["GET /api/v1/knowledge/:knowledgeBaseId/documents"]>["query"];
type Place = { readonly knowledgeBaseId: string; readonly documentId: string };

export function createDocuments(deps: KnowledgeDeps, job: IndexJob) {
  const uploads = createUpload(deps, job);
  return {
    ...createReads(deps),
    ...uploads,
    ...createFileDocuments(deps, uploads.upload),
    ...createDocumentChanges(deps, job),
  };
}

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
