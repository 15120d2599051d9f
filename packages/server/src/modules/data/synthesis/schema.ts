import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { KeptItem } from "./kept-item.ts";

/** The results that a job has created and paid for so far. They become a step of the draft when the job ends. */
export const synthesisItems = pgTable(
  "synthesis_items",
  {
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    jobId: text("job_id").notNull(),
    ordinal: integer("ordinal").notNull(),
    item: jsonb("item").$type<KeptItem>().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.ordinal] }), index("synthesis_items_age").on(table.createdAt)],
);
