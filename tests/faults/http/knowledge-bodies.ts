/** With the embedding model that ships with the program, so that none is downloaded. */
export const KNOWLEDGE_BASE = { name: "Mine", indexing: { embeddingModel: "use-lite-en" } };

/** A source that nothing listens at. */
export const KNOWLEDGE_SOURCE = { name: "Mine", kind: "web", addresses: ["http://127.0.0.1:9/"] };

/** Queries that endpoints of knowledge bases need. */
export const KNOWLEDGE_QUERIES: Readonly<Record<string, string>> = {
  "POST /api/v1/knowledge/:knowledgeBaseId/documents": "name=theirs.txt",
  "GET /api/v1/knowledge/:knowledgeBaseId/versions/compare": "from=1&to=1",
  "GET /api/v1/retrieval-runs/:retrievalRunId/compare": "base=rrun_1",
};

/** Bodies that would find or change something in knowledge bases. */
export const KNOWLEDGE_BODIES: Readonly<Record<string, object>> = {
  "POST /api/v1/knowledge/:knowledgeBaseId/search": { query: "theirs" },
  "POST /api/v1/knowledge/:knowledgeBaseId/ask": { question: "theirs", model: "theirs" },
  "PATCH /api/v1/knowledge/:knowledgeBaseId": { name: "theirs" },
  "PATCH /api/v1/knowledge/:knowledgeBaseId/documents/:documentId": { title: "theirs" },
  "POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/preview": { chunkTokens: 64 },
  "POST /api/v1/knowledge/:knowledgeBaseId/sources": { name: "theirs", kind: "folder", folder: "/srv" },
  "PATCH /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId": { name: "theirs" },
  "POST /v1/vector_stores/:vectorStoreId": { name: "theirs" },
  "POST /v1/vector_stores/:vectorStoreId/search": { query: "theirs" },
  "POST /v1/vector_stores/:vectorStoreId/files": { file_id: "file-theirs" },
  "POST /v1/vector_stores/:vectorStoreId/files/:fileId": { attributes: { team: "theirs" } },
  "POST /v1/vector_stores/:vectorStoreId/file_batches": { file_ids: ["file-theirs"] },
  "POST /api/v1/knowledge/:knowledgeBaseId/question-sets": { name: "theirs" },
  "PATCH /api/v1/question-sets/:questionSetId": { name: "theirs" },
  "POST /api/v1/question-sets/:questionSetId/questions": { questions: [{ question: "theirs" }] },
  "POST /api/v1/question-sets/:questionSetId/judgements": { question: "theirs", documentId: "kd_1", start: 0, end: 1 },
  "POST /api/v1/question-sets/:questionSetId/grids": { variants: [{}, {}] },
};
