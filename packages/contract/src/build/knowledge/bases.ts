import { z } from "zod";
import { Name, Timestamp } from "../../pages.ts";

/** How documents become chunks and vectors. A change takes effect with the next index version. */
export const KnowledgeIndexing = z.strictObject({
  embeddingModel: z
    .string()
    .max(200)
    .default("")
    .describe(
      "An embedding model of this machine, or of a connection as `CONNECTION/MODEL`. Empty uses `multilingual-e5-small`, which its first use downloads.",
    ),
  chunkTokens: z.number().int().min(32).max(2_000).default(200).describe("The target size of a chunk, in tokens."),
  overlap: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.12)
    .describe("The share of a chunk that repeats the end of the chunk before it, within a section."),
});
export type KnowledgeIndexing = z.output<typeof KnowledgeIndexing>;

export const ATTACK_ACTIONS = ["quarantine", "warn", "ignore"] as const;

/** How documents are read and checked. A change applies to documents that are read afterwards. */
export const KnowledgeReading = z.strictObject({
  attacks: z
    .enum(ATTACK_ACTIONS)
    .default("quarantine")
    .describe(
      "What happens to a document with text that gives orders to a model. `quarantine` retains it out of all searches until a person releases it. `warn` indexes it with a warning.",
    ),
  guardPolicyId: z
    .string()
    .max(100)
    .nullable()
    .default(null)
    .describe(
      "A guard policy that also checks each document. Its action `block` puts a document into quarantine, other actions are warnings.",
    ),
  ocrLanguages: z
    .array(z.string().regex(/^[a-zA-Z]{3}[a-zA-Z_]{0,20}$/, "use codes of Tesseract, such as `eng`"))
    .max(10)
    .default(["eng"])
    .describe("The languages in which Tesseract reads scanned pages, if it is installed. Empty turns OCR off."),
});
export type KnowledgeReading = z.output<typeof KnowledgeReading>;

export const SEARCH_MODES = ["hybrid", "words", "meaning"] as const;
export const SearchMode = z.enum(SEARCH_MODES);
export type SearchMode = z.output<typeof SearchMode>;

/** The settings of a search, without their defaults. */
export const searchSettings = {
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

const MOST_METADATA = 16;
const metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((values) => Object.keys(values).length <= MOST_METADATA, `must have at most ${MOST_METADATA} names`);

export const KnowledgeBaseInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(2_000).default(""),
  metadata: metadata.default({}).describe("Texts by name, for your own use. At most 16."),
  reading: KnowledgeReading.prefault({}),
  indexing: KnowledgeIndexing.prefault({}),
  searching: KnowledgeSearching.prefault({}),
  goesLive: z.boolean().default(true).describe("Whether a new index version becomes live when its build succeeds."),
});
export type KnowledgeBaseInput = z.output<typeof KnowledgeBaseInput>;

export const KnowledgeBasePatch = z.strictObject({
  name: Name.optional(),
  description: z.string().trim().max(2_000).optional(),
  metadata: metadata.optional().describe("Replaces all texts by name."),
  reading: KnowledgeReading.optional(),
  indexing: KnowledgeIndexing.optional(),
  searching: KnowledgeSearching.optional(),
  goesLive: z.boolean().optional(),
});
export type KnowledgeBasePatch = z.output<typeof KnowledgeBasePatch>;

export const KnowledgeBase = z.object({
  knowledgeBaseId: z.string(),
  name: z.string(),
  description: z.string(),
  metadata: z.record(z.string(), z.string()),
  reading: KnowledgeReading,
  indexing: KnowledgeIndexing,
  searching: KnowledgeSearching,
  goesLive: z.boolean(),
  liveVersion: z.number().nullable().describe("The number of the live version. Null until one is live."),
  latestVersion: z.number().nullable(),
  documents: z.number(),
  sizeBytes: z.number().describe("Of the files of all documents."),
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
