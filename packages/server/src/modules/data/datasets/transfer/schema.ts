import type { DatasetFile, DatasetImport, FileFormat, FileReading, RowError } from "@treadle/contract";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

export const datasetFiles = pgTable(
  "dataset_files",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    kind: text("kind").$type<DatasetFile["kind"]>().notNull(),
    name: text("name").notNull(),
    isReady: boolean("is_ready").notNull(),
    format: text("format").$type<FileFormat>(),
    isGzip: boolean("is_gzip").notNull(),
    sizeBytes: count("size_bytes").notNull(),
    rows: count("rows"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [index("dataset_files_expiry").on(table.expiresAt)],
);

export const datasetFileParts = pgTable(
  "dataset_file_parts",
  {
    fileId: text("file_id").notNull(),
    part: integer("part").notNull(),
    object: text("object").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
  },
  (table) => [primaryKey({ columns: [table.fileId, table.part] })],
);

export const datasetImports = pgTable(
  "dataset_imports",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    jobId: text("job_id").notNull(),
    branch: text("branch").notNull(),
    fileId: text("file_id").notNull(),
    fileName: text("file_name").notNull(),
    fileBytes: count("file_bytes").notNull(),
    reading: jsonb("reading").$type<FileReading>().notNull(),
    mode: text("mode").$type<DatasetImport["mode"]>().notNull(),
    keepGoodRows: boolean("keep_good_rows").notNull(),
    state: text("state").$type<DatasetImport["state"]>().notNull(),
    rowsRead: count("rows_read").notNull(),
    rowsAdded: count("rows_added").notNull(),
    errorCount: count("error_count").notNull(),
    errors: jsonb("errors").$type<readonly RowError[]>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("dataset_imports_dataset").on(table.datasetId, table.createdAt, table.id)],
);
