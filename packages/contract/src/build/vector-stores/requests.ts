import { z } from "zod";
import { MAX_PRINCIPALS, Principal } from "../knowledge/documents.ts";
import { MetadataFilter } from "../knowledge/filters.ts";
import { documentMetadata } from "../knowledge/metadata.ts";
import { ChunkingStrategy, VECTOR_STORE_FILE_STATES } from "./objects.ts";

/** Files of a new store or of a batch at most. */
export const MAX_VECTOR_STORE_FILES = 500;
const MOST_METADATA = 16;

const id = z.string().min(1).max(200);
const name = z.string().trim().max(120);
const description = z.string().trim().max(2_000);
const metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((values) => Object.keys(values).length <= MOST_METADATA, `must have at most ${MOST_METADATA} names`);
const expiresAfter = z
  .null("is not supported. Vector stores of Treadle do not expire; delete them when you no longer need them")
  .optional()
  .describe("Only null: vector stores do not expire.");
const attributes = documentMetadata
  .nullish()
  .describe("Texts, numbers and booleans by name, which searches filter by.");

export const VectorStoreCreation = z.looseObject({
  name: name.nullish().describe("A number is added if another knowledge base has the name."),
  description: description.nullish(),
  file_ids: z.array(id).max(MAX_VECTOR_STORE_FILES).nullish(),
  chunking_strategy: ChunkingStrategy.optional().describe("Of all files that do not have one."),
  metadata: metadata.nullish(),
  expires_after: expiresAfter,
  treadle: z
    .record(z.string().max(100), z.unknown())
    .nullish()
    .describe("Settings of the knowledge base that OpenAI's API does not have, such as `indexing`."),
});
export type VectorStoreCreation = z.output<typeof VectorStoreCreation>;

export const VectorStoreChange = z.looseObject({
  name: name.nullish(),
  metadata: metadata.nullish(),
  expires_after: expiresAfter,
});
export type VectorStoreChange = z.output<typeof VectorStoreChange>;

/** A file with its attributes, as a store or a batch gets it. */
const fileInput = () => z.looseObject({ file_id: id, attributes, chunking_strategy: ChunkingStrategy.optional() });
export const VectorStoreFileInput = fileInput();
export type VectorStoreFileInput = z.output<typeof VectorStoreFileInput>;

export const VectorStoreBatchInput = z
  .looseObject({
    file_ids: z.array(id).max(MAX_VECTOR_STORE_FILES).optional().describe("`file_ids` or `files`, not both."),
    // Not the body of another operation, whose parts generated clients would name twice.
    files: z.array(fileInput()).max(MAX_VECTOR_STORE_FILES).optional(),
    attributes,
    chunking_strategy: ChunkingStrategy.optional(),
  })
  .check(({ value: { file_ids, files }, issues }) => {
    const isOne = (file_ids === undefined) !== (files === undefined) && (file_ids ?? files ?? []).length > 0;
    if (!isOne)
      issues.push({ code: "custom", input: file_ids, path: ["file_ids"], message: "must name files, or `files` must" });
  });
export type VectorStoreBatchInput = z.output<typeof VectorStoreBatchInput>;

const query = z.string().trim().min(1).max(10_000);

export const VectorStoreSearch = z.looseObject({
  query: z.union([query, z.array(query).min(1).max(10)]).describe("A text, or several whose results are merged."),
  filters: MetadataFilter.optional(),
  max_num_results: z.number().int().min(1).max(50).default(10),
  ranking_options: z
    .looseObject({ ranker: z.string().max(100).optional(), score_threshold: z.number().min(0).max(1).optional() })
    .optional()
    .describe("`score_threshold` leaves out results with lower scores. `ranker` has no effect."),
  rewrite_query: z.boolean().optional().describe("Has no effect: the query is searched as it is."),
  principals: z
    .array(Principal)
    .max(MAX_PRINCIPALS)
    .optional()
    .describe("What the user of the application may find besides public documents. OpenAI's API does not have it."),
});
export type VectorStoreSearch = z.output<typeof VectorStoreSearch>;

/** A part of a list. */
export const VectorStoreWindow = z.looseObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc").describe("By the time of creation."),
  after: id.optional().describe("The last id of the page before."),
  before: id.optional().describe("The first id of the page after."),
});
export type VectorStoreWindow = z.output<typeof VectorStoreWindow>;

export const VectorStoreFileWindow = VectorStoreWindow.extend({
  filter: z.enum(VECTOR_STORE_FILE_STATES).optional().describe("Only files in this state."),
});
export type VectorStoreFileWindow = z.output<typeof VectorStoreFileWindow>;
