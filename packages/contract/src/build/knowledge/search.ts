import { z } from "zod";
import { searchSettings } from "./bases.ts";
import { MAX_PRINCIPALS, Principal } from "./documents.ts";
import { MetadataFilter } from "./filters.ts";
import { documentMetadata } from "./metadata.ts";

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
  metadata: documentMetadata.optional().describe("Searches only documents whose metadata has all of these values."),
  filter: MetadataFilter.optional().describe(
    "Searches only documents whose metadata matches: `{type, key, value}` with `eq`, `ne`, `gt`, `gte`, `lt`, `lte`, `in` or `nin`, or `{type, filters}` with `and` or `or`.",
  ),
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
