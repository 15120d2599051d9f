import type { LiveBudget, LiveRule, ScorerRef, ScoreState } from "@treadle/contract";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

export const liveRules = pgTable(
  "live_rules",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    filter: text("filter").notNull(),
    target: text("target").$type<LiveRule["target"]>().notNull(),
    samplingRate: doublePrecision("sampling_rate").notNull(),
    scorers: jsonb("scorers").$type<ScorerRef[]>().notNull(),
    scoreNames: jsonb("score_names").$type<string[]>().notNull(),
    budget: jsonb("budget").$type<LiveBudget>().notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    placeMs: count("place_ms").notNull(),
    placeTraceId: text("place_trace_id").notNull(),
    placeSpanId: text("place_span_id").notNull(),
    scored: count("scored").notNull(),
    undefinedScores: count("undefined_scores").notNull(),
    failed: count("failed").notNull(),
    skipped: count("skipped").notNull(),
    /** The day (UTC, such as 2026-11-26) that the next two are of. */
    spentDay: text("spent_day").notNull(),
    /** Null when something had no price. */
    spentUsd: doublePrecision("spent_usd"),
    spentTokens: count("spent_tokens").notNull(),
    lastScoredAt: time("last_scored_at"),
    lastError: text("last_error").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [uniqueIndex("live_rules_name").on(table.projectId, table.name)],
);

export const liveScores = pgTable(
  "live_scores",
  {
    ruleId: text("rule_id").notNull(),
    traceId: text("trace_id").notNull(),
    spanId: text("span_id").notNull(),
    name: text("name").notNull(),
    /** Stands for the scorer's version. */
    madeBy: text("made_by").notNull(),
    projectId: text("project_id").notNull(),
    state: text("state").$type<ScoreState>().notNull(),
    value: doublePrecision("value"),
    label: text("label"),
    reason: text("reason").notNull(),
    costUsd: doublePrecision("cost_usd"),
    tokens: integer("tokens").notNull(),
    scoredAt: time("scored_at").notNull(),
    batchId: text("batch_id"),
  },
  (table) => [
    primaryKey({ columns: [table.ruleId, table.traceId, table.spanId, table.name, table.madeBy] }),
    index("live_scores_newest").on(table.ruleId, table.scoredAt, table.traceId, table.spanId, table.name, table.madeBy),
    index("live_scores_waiting").on(table.projectId, table.batchId),
    index("live_scores_age").on(table.projectId, table.scoredAt),
  ],
);
