import type { ScoreCategory, ScoreType } from "@treadle/contract";
import { boolean, doublePrecision, jsonb, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const scoreConfigs = pgTable(
  "score_configs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    type: text("type").$type<ScoreType>().notNull(),
    description: text("description").notNull(),
    min: doublePrecision("min"),
    max: doublePrecision("max"),
    categories: jsonb("categories").$type<ScoreCategory[]>().notNull(),
    isHigherBetter: boolean("is_higher_better"),
    isArchived: boolean("is_archived").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [uniqueIndex("score_configs_name").on(table.projectId, table.name)],
);

export const feedbackSettings = pgTable("feedback_settings", {
  projectId: text("project_id").primaryKey(),
  isStrict: boolean("is_strict").notNull(),
  defaultConsent: boolean("default_consent").notNull(),
});
