import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const cachedAnswers = pgTable(
  "cached_answers",
  {
    keyHash: text("key_hash").primaryKey(),
    projectId: text("project_id").notNull(),
    answer: jsonb("answer").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [index("cached_answers_expiry").on(table.expiresAt)],
);
