import type {
  AssignBy,
  EndpointAbTest,
  EndpointRollout,
  Failover,
  Fallback,
  RoutingRule,
  RoutingStrategy,
  SemanticCache,
  Variant,
} from "@treadle/contract";
import { integer, jsonb, pgTable, primaryKey, text, timestamp, unique } from "drizzle-orm/pg-core";
import type { EndpointContent } from "./content.ts";

export const endpoints = pgTable(
  "endpoints",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    variants: jsonb("variants").$type<Variant[]>().notNull(),
    strategy: text("strategy").$type<RoutingStrategy>().notNull(),
    rules: jsonb("rules").$type<RoutingRule[]>().notNull(),
    assignBy: text("assign_by").$type<AssignBy>().notNull(),
    failover: text("failover").$type<Failover>().notNull(),
    fallbacks: jsonb("fallbacks").$type<Fallback[]>().notNull(),
    cacheTtlSeconds: integer("cache_ttl_seconds").notNull(),
    semanticCache: jsonb("semantic_cache").$type<SemanticCache>(),
    version: integer("version").notNull(),
    rollout: jsonb("rollout").$type<EndpointRollout>(),
    abTest: jsonb("ab_test").$type<EndpointAbTest>(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
    updatedAt: timestamp("updated_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [unique().on(table.projectId, table.name)],
);

/** What an endpoint was after each change. Rows never change. */
export const endpointVersions = pgTable(
  "endpoint_versions",
  {
    endpointId: text("endpoint_id").notNull(),
    version: integer("version").notNull(),
    content: jsonb("content").$type<EndpointContent>().notNull(),
    actor: text("actor").notNull(),
    restoredFrom: integer("restored_from"),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.endpointId, table.version] })],
);
