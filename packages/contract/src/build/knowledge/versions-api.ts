import { z } from "zod";
import { PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { KnowledgeBase } from "./bases.ts";
import { KnowledgeComparison, KnowledgeVersion } from "./versions.ts";

const params = z.object({ knowledgeBaseId: z.string().max(100) });
const versionParams = params.extend({ version: z.coerce.number().int().min(1).max(1_000_000_000) });

export const knowledgeVersionsApi = defineApi({
  "GET /api/v1/knowledge/:knowledgeBaseId/versions": {
    name: "listKnowledgeVersions",
    summary: "The index versions of a knowledge base, newest first",
    permission: "knowledge:read",
    params,
    query: PageQuery,
    response: pageOf(KnowledgeVersion),
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/versions": {
    name: "buildKnowledgeVersion",
    summary: "Build an index version now",
    description:
      "The job of the response parses and indexes all documents that changed. Unchanged chunks are not embedded again. Without a change there is no new version.",
    permission: "knowledge:write",
    params,
    response: KnowledgeBase,
    status: 202,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId/versions/compare": {
    name: "compareKnowledgeVersions",
    summary: "What differs between two index versions",
    permission: "knowledge:read",
    params,
    query: z.object({
      from: z.coerce.number().int().min(1).max(1_000_000_000),
      to: z.coerce.number().int().min(1).max(1_000_000_000),
    }),
    response: KnowledgeComparison,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId/versions/:version": {
    name: "getKnowledgeVersion",
    summary: "One index version",
    permission: "knowledge:read",
    params: versionParams,
    response: KnowledgeVersion,
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/versions/:version/live": {
    name: "setLiveKnowledgeVersion",
    summary: "Make an index version live",
    description: "This also rolls back: an older version can be live again.",
    permission: "knowledge:write",
    params: versionParams,
    response: KnowledgeVersion,
  },
});
