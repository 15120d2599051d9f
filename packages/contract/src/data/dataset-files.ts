import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { BranchName, Item, ItemId, MAIN_BRANCH, SplitName, VersionRef } from "./datasets.ts";

export const FILE_FORMATS = ["csv", "tsv", "json", "jsonl", "parquet"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** How the rows of a file say what an item is. */
export const ITEM_SHAPES = [
  "treadle",
  "openai-chat",
  "openai-completion",
  "openai-preference",
  "sharegpt",
  "alpaca",
  "prompt-completion",
  "trl-preference",
  "kto",
  "langfuse",
  "langsmith",
  "mlflow",
  "table",
] as const;
export type ItemShape = (typeof ITEM_SHAPES)[number];

/** Bytes of one part of an upload at most; a file is sent as one part after the other. */
export const FILE_PART_BYTES = 8 * 1024 * 1024;
export const MAX_FILE_PARTS = 10_000;
/** The number of import errors stored with their lines. All errors are counted. */
export const MAX_IMPORT_ERRORS = 1_000;

/** A file that was sent to be imported, or written by an export. */
export const DatasetFile = z.object({
  fileId: z.string(),
  kind: z.enum(["upload", "export"]),
  name: z.string(),
  state: z.enum(["uploading", "ready"]),
  format: z
    .enum(FILE_FORMATS)
    .nullable()
    .describe("The format, detected from the name and the first bytes. Null if unknown."),
  isGzip: z.boolean(),
  sizeBytes: z.number(),
  rows: z.number().nullable().describe("The number of rows in an export. Null for an upload."),
  createdBy: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp.describe("The file is deleted after this time."),
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
      "The key within inputs, metadata or expected. Null uses the column's name, or in expected the value itself.",
    ),
  parse: z.enum(COLUMN_PARSES).default("as-is").describe("How to read the cell. `as-is` keeps text as text."),
});
export type ColumnMapping = z.output<typeof ColumnMapping>;

/** How a file is read. What is left out is guessed from the file. */
export const FileReading = z.strictObject({
  format: z.enum(FILE_FORMATS).optional(),
  shape: z.enum(ITEM_SHAPES).optional(),
  mapping: z.array(ColumnMapping).max(1_000).optional().describe("Used by the shape `table`. Detected if omitted."),
  hasHeader: z.boolean().default(true).describe("For CSV and TSV: whether the first line contains column names."),
  delimiter: z.enum([",", ";", "\t", "|"]).optional().describe("For CSV. Detected from the first line if omitted."),
  ids: z
    .enum(["file", "content"])
    .default("file")
    .describe(
      "Where item ids come from: the id in the row, or a hash of the content. With the hash, the row's id becomes metadata.",
    ),
  split: SplitName.optional().describe("The split of rows that do not name one."),
});
export type FileReading = z.output<typeof FileReading>;

/** What is wrong with one row of a file. */
export const RowError = z.object({
  line: z.number().describe("The line of the file, counted from 1. For Parquet, the row."),
  pointer: z.string().describe("The place in the row, as a JSON pointer. Empty for the row itself."),
  message: z.string().describe("What is wrong and how to fix it."),
});
export type RowError = z.infer<typeof RowError>;

export const FileColumn = z.object({
  column: z.string(),
  types: z.array(z.enum(["string", "number", "boolean", "null", "object", "array"])),
  filled: z.number().describe("The number of preview rows with a value."),
  examples: z.array(z.string()).describe("Up to three values, cut off after 200 characters."),
});
export type FileColumn = z.infer<typeof FileColumn>;

/** What an import would make of the beginning of a file. */
export const FilePreview = z.object({
  format: z.enum(FILE_FORMATS),
  delimiter: z.string().nullable(),
  shape: z.enum(ITEM_SHAPES),
  fittingShapes: z.array(z.enum(ITEM_SHAPES)).describe("The shapes that most rows have, most likely first."),
  columns: z.array(FileColumn),
  mapping: z.array(ColumnMapping),
  rowsRead: z.number().describe("The number of rows checked, at most 1,000."),
  isWholeFile: z.boolean(),
  items: z.array(Item.omit({ source: true }).extend({ line: z.number() })).describe("The first 20 items."),
  errors: z.array(RowError).describe("Errors in the checked rows, at most 100."),
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
      "`append` rejects ids that exist. `upsert` replaces items with the same id, and adds the others at the end. `replace` removes all other items from the draft.",
    ),
  keepGoodRows: z
    .boolean()
    .default(false)
    .describe("Import the valid rows of a file with errors. Otherwise the file is rejected as a whole."),
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
  state: z
    .enum(IMPORT_STATES)
    .describe("`refused`: the file has errors, and importing only the valid rows was not requested."),
  rowsRead: z.number(),
  rowsAdded: z.number(),
  rowsReplaced: z.number().describe("For `upsert`: rows that replaced an item, even if the content was the same."),
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
    .describe("Only these splits. Null stands for items without a split."),
  isPlain: z
    .boolean()
    .default(false)
    .describe(
      "Write only the fields that the format defines, without ids, splits and metadata. Some fine-tuning services require this.",
    ),
  keepGoodRows: z
    .boolean()
    .default(false)
    .describe("Leave out items that the format cannot express. Otherwise the export fails and names them."),
});
export type DatasetExportInput = z.output<typeof DatasetExportInput>;

/** The result of an export's job. */
export const DatasetExportResult = z.object({
  fileId: z.string(),
  name: z.string(),
  rows: z.number(),
  sizeBytes: z.number(),
  skipped: z.number(),
  errors: z.array(z.object({ itemId: ItemId, message: z.string() })).describe("Up to 100 of the omitted items."),
});
export type DatasetExportResult = z.infer<typeof DatasetExportResult>;

const fileParams = z.object({ fileId: z.string() });
const datasetParams = z.object({ datasetId: z.string() });

export const datasetFilesApi = defineApi({
  "POST /api/v1/dataset-files": {
    name: "createDatasetFile",
    summary: "Start the upload of a file; send its parts next, then complete it",
    permission: "datasets:write",
    description:
      "Send the parts with `PUT /api/v1/dataset-files/{fileId}/parts/{part}`, then call `POST /api/v1/dataset-files/{fileId}/complete`. Files are deleted after a week.",
    body: z.strictObject({ name: z.string().trim().min(1).max(300) }),
    example: { name: "support.jsonl" },
    response: DatasetFile,
    status: 201,
  },
  "PUT /api/v1/dataset-files/:fileId/parts/:part": {
    name: "putDatasetFilePart",
    summary: "Send one part of a file, at most 8 MiB; you can send the same part again",
    permission: "datasets:write",
    params: fileParams.extend({
      part: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_FILE_PARTS - 1)
        .describe("The number of the part, counted from 0."),
    }),
    takes: "bytes",
    response: z.object({ part: z.number(), sizeBytes: z.number(), sha256: z.string() }),
  },
  "POST /api/v1/dataset-files/:fileId/complete": {
    name: "completeDatasetFile",
    summary: "Complete an upload, so that you can preview and import the file",
    permission: "datasets:write",
    params: fileParams,
    body: z.strictObject({ parts: z.number().int().min(1).max(MAX_FILE_PARTS) }),
    response: DatasetFile,
  },
  "GET /api/v1/dataset-files/:fileId": {
    name: "getDatasetFile",
    summary: "An uploaded or exported file",
    permission: "datasets:read",
    params: fileParams,
    response: DatasetFile,
  },
  "GET /api/v1/dataset-files/:fileId/content": {
    name: "downloadDatasetFile",
    summary: "The bytes of a file, unchanged",
    permission: "datasets:read",
    params: fileParams,
    response: z.unknown(),
    answer: "file",
  },
  "DELETE /api/v1/dataset-files/:fileId": {
    name: "deleteDatasetFile",
    summary: "Delete a file; imported items remain",
    permission: "datasets:write",
    params: fileParams,
    response: Done,
  },
  "POST /api/v1/dataset-files/:fileId/preview": {
    name: "previewDatasetFile",
    summary: "Preview an import from the beginning of a file: shape, columns, items and errors",
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
    description:
      "A file with errors is refused as a whole, unless `keepGoodRows` is true. The draft changes once, at the end of the job.",
    params: datasetParams,
    body: DatasetImportInput,
    response: DatasetImport,
    status: 202,
  },
  "GET /api/v1/dataset-imports/:importId": {
    name: "getDatasetImport",
    summary: "An import: its progress, and the invalid rows by line",
    permission: "datasets:read",
    params: z.object({ importId: z.string() }),
    response: DatasetImport.extend({ errors: z.array(RowError).describe("The first 1,000 errors.") }),
  },
  "POST /api/v1/datasets/:datasetId/exports": {
    name: "startDatasetExport",
    summary: "Export a version or a draft to a file, as a job; the result names the file",
    permission: "datasets:read",
    description:
      "The result of the job has a `fileId`. Its bytes are at `GET /api/v1/dataset-files/{fileId}/content` for a week.",
    params: datasetParams,
    body: DatasetExportInput,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});
