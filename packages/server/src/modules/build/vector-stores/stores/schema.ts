import { index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Files that were added to a knowledge base together. */
export const vectorStoreBatches = pgTable(
  "vector_store_batches",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    baseId: text("base_id").notNull(),
    fileIds: text("file_ids").array().notNull(),
    cancelledAt: time("cancelled_at"),
    createdAt: time("created_at").notNull(),
  },
  (table) => [index("vector_store_batches_base").on(table.baseId)],
);
