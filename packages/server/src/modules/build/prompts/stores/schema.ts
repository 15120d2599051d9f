import type { LabelChange, Prompt, PromptContent } from "@treadle/contract";
import { boolean, index, integer, json, pgTable, primaryKey, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const prompts = pgTable(
  "prompts",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    type: text("type").$type<Prompt["type"]>().notNull(),
    description: text("description").notNull(),
    tags: text("tags").array().notNull(),
    protectedLabels: text("protected_labels").array().notNull(),
    latestVersion: integer("latest_version").notNull(),
    isArchived: boolean("is_archived").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedBy: text("updated_by").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [uniqueIndex("prompts_name").on(table.projectId, table.name)],
);

export const promptVersions = pgTable(
  "prompt_versions",
  {
    promptId: text("prompt_id").notNull(),
    version: integer("version").notNull(),
    projectId: text("project_id").notNull(),
    content: json("content").$type<PromptContent>().notNull(),
    contentHash: text("content_hash").notNull(),
    message: text("message").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.version] }),
    index("prompt_versions_project").on(table.projectId),
  ],
);

export const promptLabels = pgTable(
  "prompt_labels",
  {
    promptId: text("prompt_id").notNull(),
    label: text("label").notNull(),
    projectId: text("project_id").notNull(),
    version: integer("version").notNull(),
    movedBy: text("moved_by").notNull(),
    movedAt: time("moved_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.label] }),
    index("prompt_labels_project").on(table.projectId, table.label),
  ],
);

export const promptLabelChanges = pgTable(
  "prompt_label_changes",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    promptId: text("prompt_id").notNull(),
    /** Counted from 1 for each prompt: two moves may come in one millisecond. */
    place: integer("place").notNull(),
    label: text("label").notNull(),
    fromVersion: integer("from_version"),
    toVersion: integer("to_version"),
    kind: text("kind").$type<LabelChange["kind"]>().notNull(),
    message: text("message").notNull(),
    movedBy: text("moved_by").notNull(),
    movedAt: time("moved_at").notNull(),
  },
  (table) => [uniqueIndex("prompt_label_changes_place").on(table.promptId, table.place)],
);

/** A version's include by name. The reference is a label, or the digits of a version. */
export const promptIncludes = pgTable(
  "prompt_includes",
  {
    promptId: text("prompt_id").notNull(),
    version: integer("version").notNull(),
    includedName: text("included_name").notNull(),
    reference: text("reference").notNull(),
    projectId: text("project_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.version, table.includedName, table.reference] }),
    index("prompt_includes_name").on(table.projectId, table.includedName),
  ],
);
