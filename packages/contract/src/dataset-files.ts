import { z } from "zod";
import { BranchName, Item, ItemId, MAIN_BRANCH, SplitName, VersionRef } from "./datasets.ts";
import { Done, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const FILE_FORMATS = ["csv", "tsv", "json", "jsonl", "parquet"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** How the rows of a file say what an item is. */
export const ITEM_SHAPES = [
  "treadle",
  "openai-chat",
  "openai-preference",
  "sharegpt",
  "alpaca",
  "prompt-completion",
  "trl-preference",
  "kto",
  "langfuse",
  "langsmith",
  "table",
] as const;
export type ItemShape = (typeof ITEM_SHAPES)[number];

/** Bytes of one part of an upload at most; a file is sent as one part after the other. */
export const FILE_PART_BYTES = 8 * 1024 * 1024;
export const MAX_FILE_PARTS = 10_000;
/** How many errors of an import are kept with their lines; all are counted. */
export const MAX_IMPORT_ERRORS = 1_000;

/** A file that was sent to be imported, or written by an export. */
export const DatasetFile = z.object({
  fileId: z.string(),
  kind: z.enum(["upload", "export"]),
  name: z.string(),
  state: z.enum(["uploading", "ready"]),
  format: z.enum(FILE_FORMATS).nullable().describe("As its name and its first bytes say; null when they do not."),
  isGzip: z.boolean(),
  sizeBytes: z.number(),
  rows: z.number().nullable().describe("Rows that an export wrote; null for an upload."),
  createdBy: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp.describe("It is deleted after this time."),
});
export type DatasetFile = z.infer<typeof DatasetFile>;

export const COLUMN_TARGETS = ["inputs", "expected", "metadata", "split", "id", "ignore"] as const;
export type ColumnTarget = (typeof COLUMN_TARGETS)[number];
export const COLUMN_PARSES = ["as-is", "text", "number", "json"] as const;

/** Where a column of a table goes. */
export const ColumnMapping = z.strictObject({
  column: z.string().max(500),
  to: z.enum(COLUMN_TARGETS),
  name: z
    .string()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe(
      "The key within inputs, metadata or expected; null takes the column's name, and in expected the value itself.",
    ),
  parse: z.enum(COLUMN_PARSES).default("as-is").describe("How the cell is read; `as-is` leaves text text."),
});
export type ColumnMapping = z.output<typeof ColumnMapping>;

/** How a file is read. What is left out is guessed from the file. */
export const FileReading = z.strictObject({
  format: z.enum(FILE_FORMATS).optional(),
  shape: z.enum(ITEM_SHAPES).optional(),
  mapping: z.array(ColumnMapping).max(1_000).optional().describe("Used by the shape `table`; guessed when left out."),
  hasHeader: z.boolean().default(true).describe("Of CSV and TSV: whether the first line names the columns."),
  delimiter: z.enum([",", ";", "\t", "|"]).optional().describe("Of CSV; guessed from the first line when left out."),
  ids: z
    .enum(["file", "content"])
    .default("file")
    .describe("Whether a row's own id names the item, or its content does; the row's id is then metadata."),
  split: SplitName.optional().describe("The split of items whose row names none."),
});
export type FileReading = z.output<typeof FileReading>;

/** What is wrong with one row of a file. */
export const RowError = z.object({
  line: z.number().describe("The line of the file, counted from one; of Parquet the row."),
  pointer: z.string().describe("Where in the row, as a JSON pointer; empty for the row itself."),
  message: z.string().describe("What is wrong and what to do."),
});
export type RowError = z.infer<typeof RowError>;

export const FileColumn = z.object({
  column: z.string(),
  types: z.array(z.enum(["string", "number", "boolean", "null", "object", "array"])),
  filled: z.number().describe("Rows of the preview that have a value."),
  examples: z.array(z.string()).describe("At most three values, cut to 200 characters."),
});
export type FileColumn = z.infer<typeof FileColumn>;

/** What an import would make of the beginning of a file. */
export const FilePreview = z.object({
  format: z.enum(FILE_FORMATS),
  delimiter: z.string().nullable(),
  shape: z.enum(ITEM_SHAPES),
  fittingShapes: z.array(z.enum(ITEM_SHAPES)).describe("The shapes that most rows have, the likeliest first."),
  columns: z.array(FileColumn),
  mapping: z.array(ColumnMapping),
  rowsRead: z.number().describe("Rows that were looked at, at most 1,000."),
  isWholeFile: z.boolean(),
  items: z.array(Item.omit({ source: true }).extend({ line: z.number() })).describe("The first 20 items."),
  errors: z.array(RowError).describe("At most 100 of the rows that were looked at."),
  errorCount: z.number(),
});
export type FilePreview = z.infer<typeof FilePreview>;

export const IMPORT_MODES = ["append", "upsert", "replace"] as const;
export const DatasetImportInput = FileReading.extend({
  fileId: z.string(),
  branch: BranchName.default(MAIN_BRANCH),
  mode: z
    .enum(IMPORT_MODES)
    .default("append")
    .describe(
      "`append` refuses ids that are there. `upsert` puts a row in the place of the item with its id, and the others at the end. `replace` leaves nothing of the draft but what the file holds.",
    ),
  keepGoodRows: z
    .boolean()
    .default(false)
    .describe("Keep the good rows of a file with errors; otherwise it is refused whole."),
});
export type DatasetImportInput = z.output<typeof DatasetImportInput>;

export const IMPORT_STATES = ["running", "done", "refused"] as const;
export const DatasetImport = z.object({
  importId: z.string(),
  jobId: z.string(),
  datasetId: z.string(),
  branch: z.string(),
  file: z.object({ fileId: z.string(), name: z.string(), sizeBytes: z.number() }),
  mode: z.enum(IMPORT_MODES),
  state: z.enum(IMPORT_STATES).describe("`refused`: errors were found and the good rows were not asked for."),
  rowsRead: z.number(),
  rowsAdded: z.number(),
  rowsReplaced: z
    .number()
    .describe("Of `upsert`: rows that took the place of an item, whether it said the same or not."),
  errorCount: z.number(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type DatasetImport = z.infer<typeof DatasetImport>;

export const DatasetExportInput = z.strictObject({
  version: VersionRef,
  format: z.enum(FILE_FORMATS).default("jsonl"),
  shape: z.enum(ITEM_SHAPES).default("treadle"),
  gzip: z.boolean().default(false),
  splits: z
    .array(SplitName.nullable())
    .max(100)
    .optional()
    .describe("Only these splits; null is the items without one."),
  isPlain: z
    .boolean()
    .default(false)
    .describe(
      "Only what the shape itself knows: no ids, splits and metadata beside it, as some fine-tuning services ask.",
    ),
  keepGoodRows: z
    .boolean()
    .default(false)
    .describe("Leave out items that the shape cannot express; otherwise the export fails and says which."),
});
export type DatasetExportInput = z.output<typeof DatasetExportInput>;

/** The result of an export's job. */
export const DatasetExportResult = z.object({
  fileId: z.string(),
  name: z.string(),
  rows: z.number(),
  sizeBytes: z.number(),
  skipped: z.number(),
  errors: z.array(z.object({ itemId: ItemId, message: z.string() })).describe("At most 100 of the items left out."),
});
export type DatasetExportResult = z.infer<typeof DatasetExportResult>;

const fileParams = z.object({ fileId: z.string() });
const datasetParams = z.object({ datasetId: z.string() });

export const datasetFilesApi = defineApi({
  "POST /api/v1/dataset-files": {
    name: "createDatasetFile",
    summary: "Begin to send a file; its parts follow, then it is completed",
    permission: "datasets:write",
    body: z.strictObject({ name: z.string().trim().min(1).max(300) }),
    response: DatasetFile,
    status: 201,
  },
  "PUT /api/v1/dataset-files/:fileId/parts/:part": {
    name: "putDatasetFilePart",
    summary: "Send one part of a file, at most 8 MiB; the same part may be sent again",
    permission: "datasets:write",
    params: fileParams.extend({
      part: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_FILE_PARTS - 1)
        .describe("From zero."),
    }),
    takes: "bytes",
    response: z.object({ part: z.number(), sizeBytes: z.number(), sha256: z.string() }),
  },
  "POST /api/v1/dataset-files/:fileId/complete": {
    name: "completeDatasetFile",
    summary: "Say that all parts were sent; the file can then be looked at and imported",
    permission: "datasets:write",
    params: fileParams,
    body: z.strictObject({ parts: z.number().int().min(1).max(MAX_FILE_PARTS) }),
    response: DatasetFile,
  },
  "GET /api/v1/dataset-files/:fileId": {
    name: "getDatasetFile",
    summary: "A file that was sent or written",
    permission: "datasets:read",
    params: fileParams,
    response: DatasetFile,
  },
  "GET /api/v1/dataset-files/:fileId/content": {
    name: "downloadDatasetFile",
    summary: "The bytes of a file, as they are",
    permission: "datasets:read",
    params: fileParams,
    response: z.unknown(),
    answer: "file",
  },
  "DELETE /api/v1/dataset-files/:fileId": {
    name: "deleteDatasetFile",
    summary: "Delete a file; what was imported from it stays",
    permission: "datasets:write",
    params: fileParams,
    response: Done,
  },
  "POST /api/v1/dataset-files/:fileId/preview": {
    name: "previewDatasetFile",
    summary: "What an import would make of the beginning of a file: shape, columns, items and errors",
    permission: "datasets:read",
    params: fileParams,
    body: FileReading,
    response: FilePreview,
  },
  "GET /api/v1/datasets/:datasetId/imports": {
    name: "listDatasetImports",
    summary: "Imports into a dataset, newest first",
    permission: "datasets:read",
    params: datasetParams,
    query: PageQuery,
    response: pageOf(DatasetImport),
  },
  "POST /api/v1/datasets/:datasetId/imports": {
    name: "startDatasetImport",
    summary: "Import a file into the draft of a branch, as a job",
    permission: "datasets:write",
    params: datasetParams,
    body: DatasetImportInput,
    response: DatasetImport,
    status: 202,
  },
  "GET /api/v1/dataset-imports/:importId": {
    name: "getDatasetImport",
    summary: "An import: how far it is, and the rows with errors by line",
    permission: "datasets:read",
    params: z.object({ importId: z.string() }),
    response: DatasetImport.extend({ errors: z.array(RowError).describe("The first 1,000.") }),
  },
  "POST /api/v1/datasets/:datasetId/exports": {
    name: "startDatasetExport",
    summary: "Write a version or a draft into a file, as a job whose result names it",
    permission: "datasets:read",
    params: datasetParams,
    body: DatasetExportInput,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
