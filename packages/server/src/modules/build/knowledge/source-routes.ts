import { knowledgeSourcesApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Knowledge } from "./service.ts";

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
      return { ok: true } as const;
    },
    "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/sync": ({ scope, params }) =>
      knowledge.syncSource(scope, params),
    "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/approve": ({ scope, params }) =>
      knowledge.approveSource(scope, params),
    "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/discard": ({ scope, params }) =>
      knowledge.discardSource(scope, params),
  });
