import type { ContaminationFlag, DatasetMap, QualityReport } from "@treadle/contract";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const datasetReports = pgTable(
  "dataset_reports",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    version: text("version").notNull(),
    root: text("root").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    report: jsonb("report").$type<QualityReport>().notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [index("dataset_reports_dataset").on(table.projectId, table.datasetId, table.createdAt, table.id)],
);

/** The contamination of datasets by evaluation datasets. */
export const contaminationFlags = pgTable(
  "contamination_flags",
  {
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    evaluationDatasetId: text("evaluation_dataset_id").notNull(),
    version: integer("version"),
    rows: bigint("rows", { mode: "number" }).notNull(),
    contaminated: bigint("contaminated", { mode: "number" }).notNull(),
    samples: jsonb("samples").$type<ContaminationFlag["samples"]>().notNull(),
    checkedAt: time("checked_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetId, table.evaluationDatasetId] })],
);

/** Maps of datasets, under the ids of the jobs that drew them. */
export const datasetMaps = pgTable(
  "dataset_maps",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    version: text("version").notNull(),
    root: text("root").notNull(),
    of: text("of").$type<DatasetMap["of"]>().notNull(),
    method: text("method").$type<DatasetMap["method"]>().notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    totalRows: bigint("total_rows", { mode: "number" }).notNull(),
    drawing: jsonb("drawing").$type<Pick<DatasetMap, "points" | "clusters">>().notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [index("dataset_maps_dataset").on(table.projectId, table.datasetId, table.createdAt, table.id)],
);
