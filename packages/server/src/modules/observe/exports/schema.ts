import type { ScheduledExport } from "@treadle/contract";
import { bigint, boolean, index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const scheduledExports = pgTable(
  "scheduled_exports",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    every: text("every").$type<ScheduledExport["every"]>().notNull(),
    filter: text("filter").notNull(),
    includesContent: boolean("includes_content").notNull(),
    keepFiles: integer("keep_files").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    nextFrom: time("next_from").notNull(),
    lastError: text("last_error").notNull(),
    failures: integer("failures").notNull(),
    nextTryAt: time("next_try_at"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("scheduled_exports_project").on(table.projectId, table.createdAt, table.id)],
);

export const exportFiles = pgTable(
  "export_files",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    scheduledExportId: text("scheduled_export_id").notNull(),
    from: time("from_time").notNull(),
    to: time("to_time").notNull(),
    rows: integer("rows").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    sha256: text("sha256").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    index("export_files_export").on(table.scheduledExportId, table.from, table.id),
    index("export_files_content").on(table.sha256),
  ],
);
