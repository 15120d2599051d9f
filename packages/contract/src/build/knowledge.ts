import { z } from "zod";
import { Name, Timestamp } from "../pages.ts";

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
  .regex(/^(public|[a-z][a-z0-9_-]*:.+)$/u, "must be `public`, or a kind and a name such as `group:support`");

/** How documents become chunks and vectors. A change takes effect with the next index version. */
export const KnowledgeIndexing = z.strictObject({
  embeddingModel: z
    .string()
    .max(200)
    .default("")
    .describe("An embedding model of this machine. Empty uses `multilingual-e5-small`, which its first use downloads."),
  chunkTokens: z.number().int().min(32).max(2_000).default(200).describe("The target size of a chunk, in tokens."),
  overlap: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.12)
    .describe("The share of a chunk that repeats the end of the chunk before it, within a section."),
});
export type KnowledgeIndexing = z.output<typeof KnowledgeIndexing>;

export const SEARCH_MODES = ["hybrid", "words", "meaning"] as const;
export const SearchMode = z.enum(SEARCH_MODES);
export type SearchMode = z.output<typeof SearchMode>;

const searchSettings = {
  mode: SearchMode.describe("`words` is BM25, `meaning` compares vectors, `hybrid` joins both."),
  fusion: z
    .enum(["ranks", "scores"])
    .describe("How `hybrid` joins both lists: by reciprocal ranks, or by scores scaled to 0 to 1."),
  wordWeight: z.number().min(0).max(1).describe("The weight of words in `hybrid`. The rest is meaning."),
  candidates: z.number().int().min(10).max(500).describe("The chunks taken from each list."),
  diversity: z
    .number()
    .min(0)
    .max(1)
    .describe("Avoids chunks that resemble each other (MMR). 0 turns it off, 0.3 is moderate."),
  perDocument: z.number().int().min(0).max(50).describe("The most chunks of one document. 0 is no limit."),
};

/**
 * How a search ranks chunks. The defaults of the fusion were chosen on XQuAD by `bench/retrieval/xquad.ts`: with them, `hybrid` is
 * better than both of its parts in each language.
 */
export const KnowledgeSearching = z.strictObject({
  mode: searchSettings.mode.default("hybrid"),
  fusion: searchSettings.fusion.default("scores"),
  wordWeight: searchSettings.wordWeight.default(0.4),
  candidates: searchSettings.candidates.default(100),
  diversity: searchSettings.diversity.default(0),
  perDocument: searchSettings.perDocument.default(0),
});
export type KnowledgeSearching = z.output<typeof KnowledgeSearching>;

export const KnowledgeBaseInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(2_000).default(""),
  indexing: KnowledgeIndexing.prefault({}),
  searching: KnowledgeSearching.prefault({}),
  goesLive: z.boolean().default(true).describe("Whether a new index version becomes live when its build succeeds."),
});
export type KnowledgeBaseInput = z.output<typeof KnowledgeBaseInput>;

export const KnowledgeBasePatch = z.strictObject({
  name: Name.optional(),
  description: z.string().trim().max(2_000).optional(),
  indexing: KnowledgeIndexing.optional(),
  searching: KnowledgeSearching.optional(),
  goesLive: z.boolean().optional(),
});
export type KnowledgeBasePatch = z.output<typeof KnowledgeBasePatch>;

export const DOCUMENT_STATES = ["waiting", "parsed", "indexed", "failed", "quarantined"] as const;
/**
 * `waiting` documents are parsed next, `parsed` ones are indexed by the next version, and `indexed` ones are in the newest version.
 */
export const DocumentState = z.enum(DOCUMENT_STATES);
export type DocumentState = z.output<typeof DocumentState>;

export const KnowledgeBase = z.object({
  knowledgeBaseId: z.string(),
  name: z.string(),
  description: z.string(),
  indexing: KnowledgeIndexing,
  searching: KnowledgeSearching,
  goesLive: z.boolean(),
  liveVersion: z.number().nullable().describe("The number of the live version. Null until one is live."),
  latestVersion: z.number().nullable(),
  documents: z.number(),
  chunks: z.number().describe("The chunks of the live version."),
  states: z.record(z.string(), z.number()).describe("The number of documents by state."),
  job: z
    .object({ jobId: z.string(), state: z.string() })
    .nullable()
    .describe("The job that indexes the base now, or that failed last."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type KnowledgeBase = z.output<typeof KnowledgeBase>;

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
  principals: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
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

const ListPlace = z.object({ rank: z.number().describe("From 1."), score: z.number() });

export const SearchTerm = z.object({
  term: z.string(),
  count: z.number().describe("How often the chunk has it. Words of the title and the headings count more."),
  documentFrequency: z.number().describe("The chunks of the version that have it."),
  score: z.number().describe("What it adds to the BM25 score."),
});

export const SearchHit = z.object({
  rank: z.number(),
  chunkId: z.string(),
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  headings: z.array(z.string()),
  page: z.number().nullable(),
  lastPage: z.number().nullable(),
  start: z.number(),
  end: z.number(),
  text: z.string(),
  score: z.number().describe("The score that the hits are ordered by."),
  words: ListPlace.nullable().describe("Its place in the list by words. Null if it is not in it."),
  meaning: ListPlace.nullable().describe("Its place in the list by meaning, with the cosine similarity."),
  terms: z.array(SearchTerm).describe("Why the list by words has it. Empty unless `explain` is true."),
});
export type SearchHit = z.output<typeof SearchHit>;

export const KnowledgeSearch = z.strictObject({
  query: z.string().trim().min(1).max(10_000),
  limit: z.number().int().min(1).max(100).default(10),
  version: z.number().int().min(1).max(1_000_000_000).optional().describe("The live version if omitted."),
  principals: z
    .array(Principal)
    .max(MAX_PRINCIPALS)
    .optional()
    .describe("What the user of the application may find. `public` is always included. Nothing else if omitted."),
  sources: z.array(z.string().max(100)).max(100).optional().describe("Searches only these sources."),
  documents: z.array(z.string().max(100)).max(1_000).optional().describe("Searches only these documents."),
  metadata: z
    .record(z.string().min(1).max(200), z.string().max(1_000))
    .optional()
    .describe("Searches only documents whose metadata has all of these values."),
  // Without defaults, which would replace the settings that a request does not name.
  searching: z
    .strictObject(searchSettings)
    .partial()
    .optional()
    .describe("Replaces settings of the base for this search."),
  explain: z.boolean().default(false),
});
export type KnowledgeSearch = z.output<typeof KnowledgeSearch>;

export const KnowledgeSearchResult = z.object({
  knowledgeBaseId: z.string(),
  version: z.number(),
  hits: z.array(SearchHit),
  durationMs: z.number(),
});
export type KnowledgeSearchResult = z.output<typeof KnowledgeSearchResult>;
