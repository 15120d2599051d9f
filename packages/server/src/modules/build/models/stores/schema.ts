import { bigint, doublePrecision, integer, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

export const localModels = pgTable("local_models", {
  id: text("id").primaryKey(),
  label: text("label").notNull(),
  kind: text("kind").$type<"chat" | "embedding">().notNull(),
  fileName: text("file_name").notNull(),
  sha256: text("sha256").notNull(),
  sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
  license: text("license").notNull(),
  parameters: bigint("parameters", { mode: "number" }),
  contextTokens: integer("context_tokens"),
  source: text("source").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
});

export const modelPrices = pgTable(
  "model_prices",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    inputUsdPerMillion: doublePrecision("input_usd_per_million").notNull(),
    outputUsdPerMillion: doublePrecision("output_usd_per_million").notNull(),
    cachedInputUsdPerMillion: doublePrecision("cached_input_usd_per_million"),
    cacheWriteUsdPerMillion: doublePrecision("cache_write_usd_per_million"),
    reasoningUsdPerMillion: doublePrecision("reasoning_usd_per_million"),
  },
  (table) => [unique().on(table.projectId, table.provider, table.model)],
);
