import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  ChunkPreview,
  DocumentState,
  KnowledgeDocument,
  KnowledgeDocumentText,
  MAX_DOCUMENT_BYTES,
  MAX_PRINCIPALS,
  Principal,
} from "./documents.ts";
import { documentMetadata } from "./metadata.ts";

const params = z.object({ knowledgeBaseId: z.string().max(100) });
const documentParams = params.extend({ documentId: z.string().max(100) });

export const knowledgeDocumentsApi = defineApi({
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
      title: z.string().trim().min(1).max(500).optional().describe("The title in the file, or the name, if omitted."),
      principals: z
        .string()
        .max(10_000)
        .transform((text) => text.split(",").filter((part) => part.trim() !== ""))
        .pipe(z.array(Principal).max(MAX_PRINCIPALS))
        .optional()
        .describe("Who may find it, separated by commas. `public` if omitted."),
    }),
    takes: "bytes",
    maxBytes: MAX_DOCUMENT_BYTES,
    response: KnowledgeDocument,
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
      metadata: documentMetadata
        .optional()
        .describe("Texts, numbers and booleans by name, which searches can filter by. Replaces all of them."),
      title: z.string().trim().min(1).max(500).optional(),
    }),
    example: { principals: ["group:support"] },
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
  "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/release": {
    name: "releaseKnowledgeDocument",
    summary: "Release a document from quarantine",
    description: "The next version includes it. Other bytes with the same name are checked again.",
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
  "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/preview": {
    name: "previewKnowledgeChunks",
    summary: "The chunks of a document with other settings",
    description: "Cuts the document without storing anything. `version` of the response is null.",
    permission: "knowledge:read",
    params: documentParams,
    body: ChunkPreview,
    example: { chunkTokens: 120 },
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
});
