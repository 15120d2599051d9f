import type { StatusNote, StatusPageInput } from "@treadle/contract";
import { boolean, index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const statusPages = pgTable("status_pages", {
  projectId: text("project_id").primaryKey(),
  isEnabled: boolean("is_enabled").notNull(),
  slug: text("slug").notNull().unique(),
  title: text("title").notNull(),
  description: text("description").notNull(),
  components: jsonb("components").$type<StatusPageInput["components"]>().notNull(),
  showsRequests: boolean("shows_requests").notNull(),
  updatedAt: time("updated_at").notNull(),
});

export const statusNotes = pgTable(
  "status_notes",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    title: text("title").notNull(),
    components: jsonb("components").$type<string[]>().notNull(),
    state: text("state", { enum: ["investigating", "identified", "monitoring", "resolved"] }).notNull(),
    updates: jsonb("updates").$type<StatusNote["updates"]>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    resolvedAt: time("resolved_at"),
  },
  (table) => [index("status_notes_project").on(table.projectId, table.createdAt, table.id)],
);
