import type { RequiredEvaluationInput } from "@treadle/contract";
import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const requiredEvaluations = pgTable(
  "required_evaluations",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    input: jsonb("input").$type<RequiredEvaluationInput>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [index("required_evaluations_project").on(table.projectId, table.createdAt)],
);
