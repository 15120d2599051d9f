import { bigint, boolean, index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

export const forwarders = pgTable(
  "forwarders",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    url: text("url").notNull(),
    headerNames: text("header_names").array().notNull(),
    sealedHeaders: text("sealed_headers").notNull(),
    filter: text("filter").notNull(),
    includesContent: boolean("includes_content").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    afterMs: count("after_ms").notNull(),
    afterTraceId: text("after_trace_id").notNull(),
    afterSpanId: text("after_span_id").notNull(),
    sentSpans: count("sent_spans").notNull(),
    refusedSpans: count("refused_spans").notNull(),
    lastSentAt: time("last_sent_at"),
    lastError: text("last_error").notNull(),
    failures: integer("failures").notNull(),
    nextTryAt: time("next_try_at"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("forwarders_project").on(table.projectId, table.createdAt, table.id)],
);
