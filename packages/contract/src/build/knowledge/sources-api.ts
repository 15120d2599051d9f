import { z } from "zod";
import { Done, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { KnowledgeSource, KnowledgeSourceInput, KnowledgeSourcePatch } from "./sources.ts";

const params = z.object({ knowledgeBaseId: z.string().max(100) });
const sourceParams = params.extend({ sourceId: z.string().max(100) });

export const knowledgeSourcesApi = defineApi({
  "GET /api/v1/knowledge/:knowledgeBaseId/sources": {
    name: "listKnowledgeSources",
    summary: "The sources of a knowledge base, oldest first",
    permission: "knowledge:read",
    params,
    response: pageOf(KnowledgeSource),
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/sources": {
    name: "createKnowledgeSource",
    summary: "Add a source, and synchronise it",
    description: "Each kind needs its settings: `folder`, `addresses`, `repository`, or `endpoint` and `bucket`.",
    permission: "knowledge:write",
    params,
    body: KnowledgeSourceInput,
    example: { name: "Website", kind: "web", addresses: ["https://www.example.com/help/"] },
    response: KnowledgeSource,
    status: 201,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": {
    name: "getKnowledgeSource",
    summary: "One source",
    permission: "knowledge:read",
    params: sourceParams,
    response: KnowledgeSource,
  },
  "PATCH /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": {
    name: "updateKnowledgeSource",
    summary: "Change a source",
    description:
      "Other principals apply to its documents immediately, except documents that were changed one by one. A new host erases the stored secret unless a new one is sent.",
    permission: "knowledge:write",
    params: sourceParams,
    body: KnowledgeSourcePatch,
    example: { everySeconds: 86_400 },
    response: KnowledgeSource,
  },
  "DELETE /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": {
    name: "deleteKnowledgeSource",
    summary: "Delete a source with its documents",
    permission: "knowledge:write",
    params: sourceParams,
    response: Done,
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/sync": {
    name: "syncKnowledgeSource",
    summary: "Synchronise a source now",
    description: "Follow its progress as a job. A sync that runs already continues.",
    permission: "knowledge:write",
    params: sourceParams,
    response: KnowledgeSource,
    status: 202,
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/approve": {
    name: "approveKnowledgeSource",
    summary: "Approve the deletions of a held sync",
    permission: "knowledge:write",
    params: sourceParams,
    response: KnowledgeSource,
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId/discard": {
    name: "discardKnowledgeSource",
    summary: "Discard the deletions of a held sync",
    description: "The documents stay. The next sync checks again whether the source has them.",
    permission: "knowledge:write",
    params: sourceParams,
    response: KnowledgeSource,
  },
});
