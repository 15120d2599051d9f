import { z } from "zod";
import { documentMetadata } from "../knowledge/metadata.ts";

const seconds = z.number().describe("Seconds since 1970.");

/**
 * How a file is cut. `static` needs the sizes, and `auto` uses the settings of the knowledge base. It is one flat shape, since
 * generated clients give the parts of a union equal names.
 */
export const ChunkingStrategy = z
  .looseObject({
    type: z.enum(["auto", "static"]),
    static: z
      .looseObject({
        max_chunk_size_tokens: z.number().int().min(100).max(4_096),
        chunk_overlap_tokens: z.number().int().min(0).max(2_048),
      })
      .optional()
      .describe("The sizes of `static`. The overlap is at most half of a chunk."),
  })
  .check(({ value: { type, static: sizes }, issues }) => {
    const refuse = (path: string[], message: string) => issues.push({ code: "custom", input: sizes, path, message });
    if (type === "static" && !sizes) refuse(["static"], "must have the sizes of the chunks");
    if (sizes && sizes.chunk_overlap_tokens * 2 > sizes.max_chunk_size_tokens)
      refuse(["static", "chunk_overlap_tokens"], "must be at most half of max_chunk_size_tokens");
  });
export type ChunkingStrategy = z.output<typeof ChunkingStrategy>;

export const VectorStoreFileCounts = z.object({
  in_progress: z.number(),
  completed: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  total: z.number(),
});
export type VectorStoreFileCounts = z.output<typeof VectorStoreFileCounts>;

/** A knowledge base in OpenAI's shape. */
export const VectorStore = z.object({
  id: z.string().describe("The id of the knowledge base."),
  object: z.literal("vector_store"),
  created_at: seconds,
  name: z.string(),
  description: z.string(),
  usage_bytes: z.number(),
  file_counts: VectorStoreFileCounts,
  status: z.enum(["in_progress", "completed"]),
  expires_after: z.null(),
  expires_at: z.null(),
  last_active_at: seconds,
  metadata: z.record(z.string(), z.string()),
});
export type VectorStore = z.output<typeof VectorStore>;

export const VECTOR_STORE_FILE_STATES = ["in_progress", "completed", "failed", "cancelled"] as const;

/** A document of a knowledge base in OpenAI's shape. */
export const VectorStoreFile = z.object({
  id: z.string().describe("The id of the file. Of a document that was uploaded otherwise, the id of the document."),
  object: z.literal("vector_store.file"),
  created_at: seconds,
  vector_store_id: z.string(),
  usage_bytes: z.number(),
  status: z.enum(VECTOR_STORE_FILE_STATES),
  last_error: z
    .object({ code: z.enum(["server_error", "unsupported_file", "invalid_file"]), message: z.string() })
    .nullable(),
  chunking_strategy: ChunkingStrategy,
  attributes: documentMetadata,
});
export type VectorStoreFile = z.output<typeof VectorStoreFile>;

export const VectorStoreFileBatch = z.object({
  id: z.string(),
  object: z.literal("vector_store.files_batch"),
  created_at: seconds,
  vector_store_id: z.string(),
  status: z.enum(VECTOR_STORE_FILE_STATES),
  file_counts: VectorStoreFileCounts,
});
export type VectorStoreFileBatch = z.output<typeof VectorStoreFileBatch>;

export const VectorStoreSearchResult = z.object({
  file_id: z.string(),
  filename: z.string(),
  score: z.number().describe("From 0 to 1. In the mode `hybrid`, 1 is the best hit of both lists."),
  attributes: documentMetadata,
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })),
});
export type VectorStoreSearchResult = z.output<typeof VectorStoreSearchResult>;
