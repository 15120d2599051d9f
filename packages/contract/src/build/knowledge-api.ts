import { z } from "zod";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import {
  DocumentState,
  KnowledgeBase,
  KnowledgeBaseInput,
  KnowledgeBasePatch,
  KnowledgeComparison,
  KnowledgeDocument,
  KnowledgeDocumentText,
  KnowledgeSearch,
  KnowledgeSearchResult,
  KnowledgeVersion,
  MAX_DOCUMENT_BYTES,
  MAX_PRINCIPALS,
  Principal,
} from "./knowledge.ts";

const params = z.object({ knowledgeBaseId: z.string().max(100) });
const documentParams = params.extend({ documentId: z.string().max(100) });
const versionParams = params.extend({ version: z.coerce.number().int().min(1).max(1_000_000_000) });

export const knowledgeApi = defineApi({
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
  "GET /api/v1/knowledge/:knowledgeBaseId/documents": {
    name: "listKnowledgeDocuments",
    summary: "The documents of a knowledge base, newest first",
    permission: "knowledge:read",
    params,
    query: PageQuery.extend({
      state: DocumentState.optional(),
      sourceId: z.string().max(100).optional(),
      search: z.string().max(200).optional().describe("Part of the title or the name."),
    }),
    response: pageOf(KnowledgeDocument),
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/documents": {
    name: "uploadKnowledgeDocument",
    summary: "Upload a document",
    description:
      "The body is the file, at most 100 MiB. A file with the same name replaces the earlier one. Parsing and indexing follow as a job, and several uploads share one version.",
    permission: "knowledge:write",
    params,
    query: z.object({
      name: z.string().trim().min(1).max(500).describe("The file name, such as `handbook.pdf`."),
      title: z.string().trim().max(500).optional().describe("The title in the file, or the name, if omitted."),
      principals: z
        .union([z.array(Principal).max(MAX_PRINCIPALS), Principal])
        .optional()
        .describe("Who may find it. `public` if omitted."),
    }),
    takes: "bytes",
    maxBytes: MAX_DOCUMENT_BYTES,
    response: KnowledgeDocument,
    status: 201,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": {
    name: "getKnowledgeDocument",
    summary: "One document",
    permission: "knowledge:read",
    params: documentParams,
    response: KnowledgeDocument,
  },
  "PATCH /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": {
    name: "updateKnowledgeDocument",
    summary: "Change who may find a document, or its metadata",
    description: "It takes effect immediately, in all versions.",
    permission: "knowledge:write",
    params: documentParams,
    body: z.strictObject({
      principals: z.array(Principal).max(MAX_PRINCIPALS).optional().describe("Nobody finds it if empty."),
      metadata: z.record(z.string().min(1).max(200), z.string().max(1_000)).optional(),
      title: z.string().trim().min(1).max(500).optional(),
    }),
    response: KnowledgeDocument,
  },
  "DELETE /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": {
    name: "deleteKnowledgeDocument",
    summary: "Delete a document",
    description: "Searches no longer find it immediately, in any version. Its text and vectors are deleted.",
    permission: "knowledge:write",
    params: documentParams,
    response: Done,
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/retry": {
    name: "retryKnowledgeDocument",
    summary: "Parse a document again",
    permission: "knowledge:write",
    params: documentParams,
    response: KnowledgeDocument,
    status: 202,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/text": {
    name: "getKnowledgeDocumentText",
    summary: "The text of a document with its pages and chunks",
    permission: "knowledge:read",
    params: documentParams,
    query: z.object({
      version: z.coerce
        .number()
        .int()
        .min(1)
        .max(1_000_000_000)
        .optional()
        .describe("The version of the chunks. The newest that holds the document if omitted."),
    }),
    response: KnowledgeDocumentText,
  },
  "GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/file": {
    name: "downloadKnowledgeDocument",
    summary: "The file of a document",
    permission: "knowledge:read",
    params: documentParams,
    answer: "file",
    response: z.unknown(),
  },
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
    body: z.strictObject({}),
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
    body: z.strictObject({}),
    response: KnowledgeVersion,
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
