import type { KnowledgeDocument } from "@treadle/contract";
import type { DocumentRow } from "./stores/document-store.ts";

/** A document as callers see it. */
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
  findings: [...(row.facts?.findings ?? [])],
  fileId: row.fileId,
  chunking: row.chunking,
  principals: row.principals,
  metadata: row.metadata,
  contentHash: row.contentHash,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
