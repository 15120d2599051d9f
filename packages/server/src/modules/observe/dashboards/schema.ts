import type { Chart, SavedView } from "@treadle/contract";
import { boolean, index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const dashboards = pgTable(
  "dashboards",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    charts: jsonb("charts").$type<Chart[]>().notNull(),
    version: integer("version").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedBy: text("updated_by").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("dashboards_project").on(table.projectId, table.name, table.id)],
);

export const savedViews = pgTable(
  "saved_views",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    page: text("page").$type<SavedView["page"]>().notNull(),
    filter: text("filter").notNull(),
    columns: text("columns").array().notNull(),
    order: text("order_by").notNull(),
    settings: jsonb("settings").$type<SavedView["settings"]>().notNull(),
    isShared: boolean("is_shared").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("saved_views_project").on(table.projectId, table.page, table.name, table.id)],
);
