import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" }).notNull();

/** What the cache of an endpoint measured for one configuration. */
export const semanticCaches = pgTable("semantic_caches", {
  endpointId: text("endpoint_id").primaryKey(),
  projectId: text("project_id").notNull(),
  configHash: text("config_hash").notNull(),
  state: text("state").$type<"measuring" | "serving" | "stopped">().notNull(),
  reason: text("reason"),
  hits: integer("hits").notNull(),
  checks: integer("checks").notNull(),
  falseHits: integer("false_hits").notNull(),
  startedAt: time("started_at"),
});

export const semanticCacheEntries = pgTable(
  "semantic_cache_entries",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    namespace: text("namespace").notNull(),
    questionHash: text("question_hash").notNull(),
    question: text("question").notNull(),
    language: text("language").notNull(),
    vector: real("vector").array().notNull(),
    answer: jsonb("answer").notNull(),
    traceId: text("trace_id").notNull(),
    spanId: text("span_id").notNull(),
    responseId: text("response_id").notNull(),
    createdAt: time("created_at"),
    expiresAt: time("expires_at"),
  },
  (table) => [unique().on(table.namespace, table.questionHash), index().on(table.expiresAt)],
);

/** Calls that the cache answered or was checked with. `is_false` is null without a check. */
export const semanticCacheUses = pgTable(
  "semantic_cache_uses",
  {
    projectId: text("project_id").notNull(),
    traceId: text("trace_id").notNull(),
    spanId: text("span_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    entryId: text("entry_id").notNull(),
    sourceTraceId: text("source_trace_id").notNull(),
    kind: text("kind").$type<"normalized" | "semantic">().notNull(),
    similarity: doublePrecision("similarity").notNull(),
    isFalse: boolean("is_false"),
    createdAt: time("created_at"),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.traceId, table.spanId] })],
);
