import { z } from "zod";
import { Timestamp } from "../../pages.ts";
import { KnowledgeIndexing } from "./bases.ts";

export const VERSION_STATES = ["ready", "pruned"] as const;

/** An immutable index of a base. */
export const KnowledgeVersion = z.object({
  version: z.number().describe("Counted from 1 in the base."),
  state: z.enum(VERSION_STATES).describe("A pruned version has no chunks any more, only its description."),
  isLive: z.boolean(),
  contentHash: z.string().describe("Equal for equal documents, options and model."),
  indexing: KnowledgeIndexing,
  embedder: z.object({ model: z.string(), dimensions: z.number(), hash: z.string() }),
  documents: z.number(),
  chunks: z.number(),
  embeddedChunks: z.number().describe("Chunks that were embedded for this version. The rest were reused."),
  added: z.number().describe("Documents that the version before did not hold."),
  changed: z.number(),
  removed: z.number(),
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type KnowledgeVersion = z.output<typeof KnowledgeVersion>;

export const KnowledgeComparison = z.object({
  from: z.number(),
  to: z.number(),
  chunksAdded: z.number(),
  chunksRemoved: z.number(),
  chunksShared: z.number(),
  documents: z
    .array(
      z.object({
        documentId: z.string(),
        title: z.string(),
        change: z.enum(["added", "changed", "removed"]),
        chunksAdded: z.number(),
        chunksRemoved: z.number(),
      }),
    )
    .describe("The documents that differ, at most 500."),
  documentsTotal: z.number(),
});
export type KnowledgeComparison = z.output<typeof KnowledgeComparison>;
