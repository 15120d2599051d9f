import type { Endpoint } from "@treadle/contract";
import { integer, jsonb, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

export const endpoints = pgTable(
  "endpoints",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    targets: jsonb("targets").$type<Endpoint["targets"]>().notNull(),
    fallbacks: text("fallbacks").array().notNull(),
    cacheTtlSeconds: integer("cache_ttl_seconds").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
    updatedAt: timestamp("updated_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [unique().on(table.projectId, table.name)],
);
