import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { KnowledgeBase, KnowledgeBaseInput, KnowledgeBasePatch } from "./bases.ts";
import { knowledgeDocumentsApi } from "./documents-api.ts";
import { KnowledgeSearch, KnowledgeSearchResult } from "./search.ts";
import { knowledgeSourcesApi } from "./sources-api.ts";
import { knowledgeVersionsApi } from "./versions-api.ts";

const params = z.object({ knowledgeBaseId: z.string().max(100) });

export const knowledgeBasesApi = defineApi({
  "GET /api/v1/knowledge": {
    name: "listKnowledgeBases",
    summary: "The knowledge bases, newest first",
    permission: "knowledge:read",
    query: PageQuery.extend({ search: z.string().max(200).optional().describe("Part of the name.") }),
    response: pageOf(KnowledgeBase),
  },
  "POST /api/v1/knowledge": {
    name: "createKnowledgeBase",
    summary: "Create a knowledge base",
    permission: "knowledge:write",
    body: KnowledgeBaseInput,
    example: { name: "Handbook" },
    response: KnowledgeBase,
    status: 201,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId": {
    name: "getKnowledgeBase",
    summary: "One knowledge base",
    permission: "knowledge:read",
    params,
    response: KnowledgeBase,
  },
  "PATCH /api/v1/knowledge/:knowledgeBaseId": {
    name: "updateKnowledgeBase",
    summary: "Change a knowledge base",
    description: "A change of `indexing` takes effect with the next version.",
    permission: "knowledge:write",
    params,
    body: KnowledgeBasePatch,
    response: KnowledgeBase,
  },
  "DELETE /api/v1/knowledge/:knowledgeBaseId": {
    name: "deleteKnowledgeBase",
    summary: "Delete a knowledge base with its documents and versions",
    permission: "knowledge:write",
    params,
    response: Done,
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/search": {
    name: "searchKnowledge",
    summary: "Search a knowledge base",
    permission: "knowledge:read",
    params,
    body: KnowledgeSearch,
    example: { query: "How many days does a refund take?" },
    response: KnowledgeSearchResult,
  },
});

/** Knowledge bases with their documents, sources and versions. */
export const knowledgeApi = defineApi({
  ...knowledgeBasesApi,
  ...knowledgeDocumentsApi,
  ...knowledgeSourcesApi,
  ...knowledgeVersionsApi,
});
