import { z } from "zod";
import { Done, Name, PageQuery, pageOf, StoredTime, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { SpanFilterText } from "./filter/filter-text.ts";

export const EXPORT_PERIODS = ["hour", "day"] as const;

/** Spans of each hour or day, written as Parquet files into the object store. */
export const ScheduledExport = z.object({
  scheduledExportId: z.string(),
  name: z.string(),
  every: z.enum(EXPORT_PERIODS),
  filter: z.string(),
  includesContent: z.boolean(),
  keepFiles: z.number(),
  isEnabled: z.boolean(),
  nextFrom: Timestamp.describe("The start of the next period to export."),
  lastError: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ScheduledExport = z.infer<typeof ScheduledExport>;

export const ExportFile = z.object({
  fileId: z.string(),
  from: Timestamp,
  to: Timestamp,
  rows: z.number(),
  sizeBytes: z.number(),
  sha256: z.string(),
  createdAt: Timestamp,
});
export type ExportFile = z.infer<typeof ExportFile>;

const includesContent = z
  .boolean()
  .describe("Whether to include columns for inputs, outputs, parameters and attributes.");
const keepFiles = z.number().int().min(1).max(10_000).describe("The maximum number of files. Older files are deleted.");

export const ScheduledExportInput = z.strictObject({
  name: Name,
  every: z.enum(EXPORT_PERIODS).default("day"),
  filter: SpanFilterText.default(""),
  includesContent: includesContent.default(true),
  keepFiles: keepFiles.default(400),
  isEnabled: z.boolean().default(true),
  since: StoredTime.optional().describe(
    "The first period is the period that contains this time, at most five years ago. If omitted, the current period.",
  ),
});
export type ScheduledExportInput = z.output<typeof ScheduledExportInput>;
export const ScheduledExportPatch = z.strictObject({
  name: Name.optional(),
  filter: SpanFilterText.optional(),
  includesContent: includesContent.optional(),
  keepFiles: keepFiles.optional(),
  isEnabled: z.boolean().optional(),
});
export type ScheduledExportPatch = z.output<typeof ScheduledExportPatch>;

const params = z.object({ scheduledExportId: z.string() });

export const exportsApi = defineApi({
  "GET /api/v1/scheduled-exports": {
    name: "listScheduledExports",
    summary: "What is written as Parquet files every hour or day",
    permission: "exports:read",
    response: pageOf(ScheduledExport),
  },
  "POST /api/v1/scheduled-exports": {
    name: "createScheduledExport",
    summary: "Write the spans of each hour or day as Parquet files from now on",
    permission: "exports:write",
    body: ScheduledExportInput,
    response: ScheduledExport,
    status: 201,
  },
  "PATCH /api/v1/scheduled-exports/:scheduledExportId": {
    name: "updateScheduledExport",
    summary: "Change what is written from the next period on",
    permission: "exports:write",
    params,
    body: ScheduledExportPatch,
    response: ScheduledExport,
  },
  "DELETE /api/v1/scheduled-exports/:scheduledExportId": {
    name: "deleteScheduledExport",
    summary: "Stop writing files, and delete those that were written",
    permission: "exports:write",
    params,
    response: Done,
  },
  "GET /api/v1/scheduled-exports/:scheduledExportId/files": {
    name: "listExportFiles",
    summary: "The files that were written, newest first",
    permission: "exports:read",
    params,
    query: PageQuery,
    response: pageOf(ExportFile),
  },
  "GET /api/v1/export-files/:fileId": {
    name: "downloadExportFile",
    summary: "The bytes of one file of a scheduled export",
    permission: "traces:read",
    content: "required",
    params: z.object({ fileId: z.string() }),
    response: z.unknown(),
    answer: "file",
  },
});
