import { knowledgeBasesApi, knowledgeDocumentsApi, knowledgeSourcesApi, knowledgeVersionsApi } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Knowledge } from "./service.ts";

const DONE = { ok: true } as const;

type Download = {
  readonly scope: Scope;
  readonly sink: Sink;
  readonly params: { readonly knowledgeBaseId: string; readonly documentId: string };
};

/** The bytes as they were uploaded. They are a download of no type, so that no browser runs what is in them. */
async function download(knowledge: Knowledge, { scope, sink, params }: Download): Promise<void> {
  const { name, bytes } = await knowledge.readFile(scope, params);
  sink.head(200, {
    "content-type": "application/octet-stream",
    "content-length": String(bytes.byteLength),
    "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`,
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
  });
  if (!sink.write(bytes)) await sink.drained();
  sink.end();
}

export const knowledgeRoutes = (knowledge: Knowledge) =>
  mount(knowledgeBasesApi, {
    "GET /api/v1/knowledge": ({ scope, query }) => knowledge.list(scope, query),
    "POST /api/v1/knowledge": ({ scope, body }) => knowledge.create(scope, body),
    "GET /api/v1/knowledge/:knowledgeBaseId": ({ scope, params }) => knowledge.get(scope, params.knowledgeBaseId),
    "PATCH /api/v1/knowledge/:knowledgeBaseId": ({ scope, params, body }) =>
      knowledge.update(scope, params.knowledgeBaseId, body),
    "DELETE /api/v1/knowledge/:knowledgeBaseId": async ({ scope, params }) => {
      await knowledge.delete(scope, params.knowledgeBaseId);
      return DONE;
    },
    "POST /api/v1/knowledge/:knowledgeBaseId/search": ({ scope, params, body, signal }) =>
      knowledge.search(scope, params.knowledgeBaseId, { request: body, signal }),
  });

export const documentRoutes = (knowledge: Knowledge) =>
  mount(knowledgeDocumentsApi, {
    "GET /api/v1/knowledge/:knowledgeBaseId/documents": ({ scope, params, query }) =>
      knowledge.listDocuments(scope, params.knowledgeBaseId, query),
    "POST /api/v1/knowledge/:knowledgeBaseId/documents": ({ scope, params, query, bytes, headers }) =>
      knowledge.upload(scope, params.knowledgeBaseId, { query, bytes, mediaType: headers["content-type"] ?? "" }),
    "GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": ({ scope, params }) =>
      knowledge.getDocument(scope, params),
    "PATCH /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": ({ scope, params, body }) =>
      knowledge.updateDocument(scope, params, body),
    "DELETE /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": async ({ scope, params }) => {
      await knowledge.deleteDocument(scope, params);
      return DONE;
    },
    "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/retry": ({ scope, params }) =>
      knowledge.retryDocument(scope, params),
    "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/release": ({ scope, params }) =>
      knowledge.releaseDocument(scope, params),
    "GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/text": ({ scope, params, query }) =>
      knowledge.readText(scope, params, query.version),
    "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/preview": ({ scope, params, body }) =>
      knowledge.previewChunks(scope, params, body),
    "GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/file": (call) => download(knowledge, call),
  });

export const sourceRoutes = (knowledge: Knowledge) =>
  mount(knowledgeSourcesApi, {
    "GET /api/v1/knowledge/:knowledgeBaseId/sources": ({ scope, params }) =>
      knowledge.listSources(scope, params.knowledgeBaseId),
    "POST /api/v1/knowledge/:knowledgeBaseId/sources": ({ scope, params, body }) =>
      knowledge.createSource(scope, params.knowledgeBaseId, body),
    "GET /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": ({ scope, params }) =>
      knowledge.getSource(scope, params),
    "PATCH /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": ({ scope, params, body }) =>
      knowledge.updateSource(scope, params, body),
    "DELETE /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": async ({ scope, params }) => {
      await knowledge.deleteSource(scope, params);
      return DONE;
    },
    "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/sync": ({ scope, params }) =>
      knowledge.syncSource(scope, params),
    "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/approve": ({ scope, params }) =>
      knowledge.approveSource(scope, params),
    "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/discard": ({ scope, params }) =>
      knowledge.discardSource(scope, params),
  });

export const versionRoutes = (knowledge: Knowledge) =>
  mount(knowledgeVersionsApi, {
    "GET /api/v1/knowledge/:knowledgeBaseId/versions": ({ scope, params, query }) =>
      knowledge.listVersions(scope, params.knowledgeBaseId, query),
    "POST /api/v1/knowledge/:knowledgeBaseId/versions": ({ scope, params }) =>
      knowledge.build(scope, params.knowledgeBaseId),
    "GET /api/v1/knowledge/:knowledgeBaseId/versions/compare": ({ scope, params, query }) =>
      knowledge.compareVersions(scope, params.knowledgeBaseId, query),
    "GET /api/v1/knowledge/:knowledgeBaseId/versions/:version": ({ scope, params }) =>
      knowledge.getVersion(scope, params),
    "POST /api/v1/knowledge/:knowledgeBaseId/versions/:version/live": ({ scope, params }) =>
      knowledge.setLive(scope, params),
  });
