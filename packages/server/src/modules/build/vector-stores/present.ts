import type {
  ChunkingStrategy,
  DocumentState,
  KnowledgeBase,
  KnowledgeDocument,
  VectorStore,
  VectorStoreFile,
  VectorStoreFileCounts,
} from "@treadle/contract";

type FileState = VectorStoreFile["status"];
type States = Readonly<Partial<Record<string, number>>>;

/** The states of documents that are one state of OpenAI's files. A removed file has no document. */
export const DOCUMENTS_IN: Readonly<Record<FileState, readonly DocumentState[]>> = {
  in_progress: ["waiting", "parsed"],
  completed: ["indexed"],
  failed: ["failed", "quarantined"],
  cancelled: [],
};

export const secondsOf = (time: string) => Math.floor(Date.parse(time) / 1_000);

/** Nothing continues a job that failed or was cancelled until a document changes. */
export const isStopped = ({ job }: Pick<KnowledgeBase, "job">) => job?.state === "failed" || job?.state === "cancelled";

export function countsOf(base: Pick<KnowledgeBase, "job">, states: States, removed = 0): VectorStoreFileCounts {
  const sum = (state: FileState) => DOCUMENTS_IN[state].reduce((total, one) => total + (states[one] ?? 0), 0);
  const [open, completed, failed] = [sum("in_progress"), sum("completed"), sum("failed")];
  const [in_progress, stopped] = isStopped(base) ? [0, open] : [open, 0];
  return {
    in_progress,
    completed,
    failed: failed + stopped,
    cancelled: removed,
    total: open + completed + failed + removed,
  };
}

/** A knowledge base as a vector store. */
export function presentStore(base: KnowledgeBase): VectorStore {
  const file_counts = countsOf(base, base.states);
  return {
    id: base.knowledgeBaseId,
    object: "vector_store",
    created_at: secondsOf(base.createdAt),
    name: base.name,
    description: base.description,
    usage_bytes: base.sizeBytes,
    file_counts,
    status: file_counts.in_progress > 0 ? "in_progress" : "completed",
    expires_after: null,
    expires_at: null,
    last_active_at: secondsOf(base.updatedAt),
    metadata: base.metadata,
  };
}

/** A document as a file of a vector store. */
export function presentFile(base: KnowledgeBase, document: KnowledgeDocument): VectorStoreFile {
  const isOpen = DOCUMENTS_IN.in_progress.includes(document.state);
  const isFailed = DOCUMENTS_IN.failed.includes(document.state) || (isOpen && isStopped(base));
  return {
    id: fileIdOf(document),
    object: "vector_store.file",
    created_at: secondsOf(document.createdAt),
    vector_store_id: base.knowledgeBaseId,
    usage_bytes: document.sizeBytes,
    status: isFailed ? "failed" : isOpen ? "in_progress" : "completed",
    last_error: isFailed ? errorOf(base, document) : null,
    chunking_strategy: strategyOf(document.chunking ?? base.indexing),
    attributes: document.metadata,
  };
}

export const fileIdOf = ({ fileId, documentId }: Pick<KnowledgeDocument, "fileId" | "documentId">) =>
  fileId ?? documentId;

/** The name of the file. Other documents have the name within their source. */
export const fileNameOf = ({ fileId, uri }: Pick<KnowledgeDocument, "fileId" | "uri">) =>
  fileId !== null && uri.startsWith(`${fileId}/`) ? uri.slice(fileId.length + 1) : uri;

function errorOf({ job }: KnowledgeBase, { state, error }: KnowledgeDocument): VectorStoreFile["last_error"] {
  if (state === "failed") return { code: "unsupported_file", message: error ?? "The file could not be read." };
  if (state === "quarantined") return { code: "invalid_file", message: error ?? "The file is in quarantine." };
  return {
    code: "server_error",
    message: `The job ${job?.jobId} that indexes the store was stopped. Open it under Jobs, and retry it.`,
  };
}

/** The sizes of chunks in OpenAI's words. */
const strategyOf = ({ chunkTokens, overlap }: { chunkTokens: number; overlap: number }): ChunkingStrategy => ({
  type: "static",
  static: { max_chunk_size_tokens: chunkTokens, chunk_overlap_tokens: Math.round(chunkTokens * overlap) },
});

/** The same in Treadle's words. Null for the sizes of the knowledge base. */
export function chunkingOf(strategy: ChunkingStrategy | undefined): KnowledgeDocument["chunking"] {
  if (!strategy?.static || strategy.type === "auto") return null;
  const { max_chunk_size_tokens: chunkTokens, chunk_overlap_tokens: tokens } = strategy.static;
  return { chunkTokens, overlap: tokens / chunkTokens };
}

/** A list of OpenAI's API. */
export const listOf = <Item extends { readonly id: string }>(data: readonly Item[], has_more: boolean) => ({
  object: "list" as const,
  data: [...data],
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more,
});
