import { z } from "zod";
import { Timestamp } from "../../pages.ts";
import { KnowledgeIndexing } from "./bases.ts";
import { documentMetadata } from "./metadata.ts";

/** Bytes of one uploaded document at most. */
export const MAX_DOCUMENT_BYTES = 100 * 1024 * 1024;
export const MAX_PRINCIPALS = 200;

/**
 * Who may find a document: `public`, or names such as `user:ada` and `group:support`. The application that searches says which of them
 * its user has.
 */
export const Principal = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^(public|[a-z][a-z0-9_-]*:[^,]+)$/u, "must be `public`, or a kind and a name such as `group:support`");

export const DOCUMENT_STATES = ["waiting", "parsed", "indexed", "failed", "quarantined"] as const;
/**
 * `waiting` documents are parsed next, `parsed` ones are indexed by the next version, and `indexed` ones are in the newest version.
 * No search finds `quarantined` ones, in any version.
 */
export const DocumentState = z.enum(DOCUMENT_STATES);
export type DocumentState = z.output<typeof DocumentState>;

/** Something that a check of a document found. It holds the place, not the text. */
export const DocumentFinding = z.object({
  detector: z.string(),
  kind: z.string(),
  score: z.number().describe("From 0 to 1."),
  start: z.number().describe("UTF-16 offset in the text of the document."),
  end: z.number().describe("The exclusive end."),
  page: z.number().nullable(),
});
export type DocumentFinding = z.output<typeof DocumentFinding>;

export const KnowledgeDocument = z.object({
  documentId: z.string(),
  sourceId: z.string(),
  title: z.string(),
  uri: z.string().describe("Its name within the source, such as a file name or an address."),
  state: DocumentState,
  error: z.string().nullable().describe("Why it failed, and what to do."),
  format: z.string().nullable().describe("The detected format, such as `pdf`."),
  sizeBytes: z.number(),
  characters: z.number().nullable(),
  pages: z.number().nullable(),
  chunks: z.number().nullable().describe("In the newest version that holds it."),
  language: z.string().nullable(),
  warnings: z.array(z.string()),
  findings: z.array(DocumentFinding).describe("What the checks found, at most 100 places."),
  fileId: z.string().nullable().describe("The file of `/v1/files` that it was made from."),
  chunking: z
    .object({ chunkTokens: z.number(), overlap: z.number() })
    .nullable()
    .describe("The sizes of its chunks, if they are not those of the base."),
  principals: z.array(z.string()),
  metadata: documentMetadata,
  contentHash: z.string().describe("The SHA-256 of its bytes."),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type KnowledgeDocument = z.output<typeof KnowledgeDocument>;

/** A chunk of a document as a version holds it. */
export const KnowledgeChunk = z.object({
  chunkId: z.string(),
  start: z.number().describe("UTF-16 offset in the text of the document."),
  end: z.number().describe("The exclusive end."),
  page: z.number().nullable(),
  lastPage: z.number().nullable(),
  headings: z.array(z.string()).describe("The headings above it, the highest first."),
  tokens: z.number(),
});
export type KnowledgeChunk = z.output<typeof KnowledgeChunk>;

/** Settings of `indexing` to try on one document. Those of the base if omitted. */
export const ChunkPreview = z.strictObject({
  chunkTokens: KnowledgeIndexing.shape.chunkTokens
    .unwrap()
    .optional()
    .describe("The target size of a chunk, in tokens."),
  overlap: KnowledgeIndexing.shape.overlap
    .unwrap()
    .optional()
    .describe("The share that a chunk repeats of the chunk before it."),
});
export type ChunkPreview = z.output<typeof ChunkPreview>;

export const KnowledgeDocumentText = z.object({
  documentId: z.string(),
  version: z.number().nullable().describe("The version whose chunks these are. Null if none holds the document."),
  text: z.string(),
  blocks: z.array(
    z.object({
      kind: z.string(),
      start: z.number(),
      end: z.number(),
      level: z.number().optional(),
      page: z.number().optional(),
      isHidden: z.boolean().optional(),
    }),
  ),
  pages: z.array(
    z.object({
      number: z.number(),
      start: z.number(),
      end: z.number(),
      width: z.number(),
      height: z.number(),
      needsOcr: z.boolean(),
      quality: z.number(),
    }),
  ),
  boxes: z
    .array(
      z.object({
        start: z.number(),
        end: z.number(),
        page: z.number(),
        x: z.number(),
        y: z.number(),
        width: z.number(),
        height: z.number(),
      }),
    )
    .describe("Where lines are on their pages, in points from the upper left corner."),
  chunks: z.array(KnowledgeChunk),
});
export type KnowledgeDocumentText = z.output<typeof KnowledgeDocumentText>;
