import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const scorers = pgTable(
  "scorers",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    kind: text("kind").notNull(),
    latestVersion: integer("latest_version").notNull(),
    isArchived: boolean("is_archived").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [uniqueIndex("scorers_name").on(table.projectId, table.name)],
);

export const scorerVersions = pgTable(
  "scorer_versions",
  {
    scorerId: text("scorer_id").notNull(),
    version: integer("version").notNull(),
    projectId: text("project_id").notNull(),
    params: jsonb("params").$type<Record<string, unknown>>().notNull(),
    signature: text("signature").notNull(),
    promptHash: text("prompt_hash"),
    message: text("message").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scorerId, table.version] }),
    index("scorer_versions_project").on(table.projectId),
  ],
);
