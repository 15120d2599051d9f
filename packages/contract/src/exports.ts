import { z } from "zod";
import { parseFilter } from "./filter.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const EXPORT_PERIODS = ["hour", "day"] as const;

const Filter = z
  .string()
  .max(2_000)
  .refine(
    (text) => parseFilter(text).problems.length === 0,
    "is not a filter; see the guide on traces for the language",
  );

/** Spans of each hour or day, written as Parquet files into the object store. */
export const ScheduledExport = z.object({
  id: z.string(),
  name: z.string(),
  every: z.enum(EXPORT_PERIODS),
  filter: z.string(),
  includesContent: z.boolean(),
  keepFiles: z.number(),
  isEnabled: z.boolean(),
  nextFrom: Timestamp.describe("The beginning of the period that is written next."),
  lastError: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ScheduledExport = z.infer<typeof ScheduledExport>;

export const ExportFile = z.object({
  id: z.string(),
  from: Timestamp,
  to: Timestamp,
  rows: z.number(),
  sizeBytes: z.number(),
  sha256: z.string(),
  createdAt: Timestamp,
});
export type ExportFile = z.infer<typeof ExportFile>;

const includesContent = z.boolean().describe("Whether inputs, outputs, parameters and attributes are columns too.");
const keepFiles = z.number().int().min(1).max(10_000).describe("Older files beyond this many are deleted.");

export const ScheduledExportInput = z.strictObject({
  name: Name,
  every: z.enum(EXPORT_PERIODS).default("day"),
  filter: Filter.default(""),
  includesContent: includesContent.default(true),
  keepFiles: keepFiles.default(400),
  isEnabled: z.boolean().default(true),
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("The first period is the one that holds this time; left out: the one that runs now."),
});
export type ScheduledExportInput = z.output<typeof ScheduledExportInput>;
export const ScheduledExportPatch = z.strictObject({
  name: Name.optional(),
  filter: Filter.optional(),
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
    permission: "forwarding:read",
    response: z.object({ items: z.array(ScheduledExport) }),
  },
  "POST /api/v1/scheduled-exports": {
    name: "createScheduledExport",
    summary: "Write the spans of each hour or day as Parquet files from now on",
    permission: "forwarding:write",
    body: ScheduledExportInput,
    response: ScheduledExport,
    status: 201,
  },
  "PATCH /api/v1/scheduled-exports/:scheduledExportId": {
    name: "updateScheduledExport",
    summary: "Change what is written from the next period on",
    permission: "forwarding:write",
    params,
    body: ScheduledExportPatch,
    response: ScheduledExport,
  },
  "DELETE /api/v1/scheduled-exports/:scheduledExportId": {
    name: "deleteScheduledExport",
    summary: "Stop writing files, and delete those that were written",
    permission: "forwarding:write",
    params,
    response: Done,
  },
  "GET /api/v1/scheduled-exports/:scheduledExportId/files": {
    name: "listExportFiles",
    summary: "The files that were written, newest first",
    permission: "forwarding:read",
    params,
    query: PageQuery,
    response: pageOf(ExportFile),
  },
  "GET /api/v1/export-files/:fileId": {
    name: "downloadExportFile",
    summary: "A written file, as it is",
    permission: "traces:read",
    params: z.object({ fileId: z.string() }),
    response: z.unknown(),
    answer: "file",
  },
});
