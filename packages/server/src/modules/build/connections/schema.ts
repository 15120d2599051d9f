import type { Connection } from "@treadle/contract";
import { boolean, index, integer, jsonb, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

export const connections = pgTable(
  "connections",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    preset: text("preset").notNull(),
    provider: text("provider").$type<Connection["provider"]>().notNull(),
    baseUrl: text("base_url").notNull(),
    models: text("models").array().notNull(),
    region: text("region"),
    apiVersion: text("api_version"),
    accessKeyId: text("access_key_id"),
    headers: jsonb("headers").$type<Connection["headers"]>().notNull(),
    timeouts: jsonb("timeouts").$type<Connection["timeouts"]>().notNull(),
    maxRetries: integer("max_retries").notNull(),
    cacheTtlSeconds: integer("cache_ttl_seconds").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
    updatedAt: timestamp("updated_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [unique().on(table.projectId, table.slug)],
);

export const connectionKeys = pgTable(
  "connection_keys",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id").notNull(),
    sealedValue: text("sealed_value").notNull(),
    hint: text("hint").notNull(),
    weight: integer("weight").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [index("connection_keys_connection").on(table.connectionId)],
);
