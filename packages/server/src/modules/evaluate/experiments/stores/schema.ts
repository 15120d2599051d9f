import type {
  ExperimentSpent,
  GateOutcome,
  ItemResult,
  ReplayedAnswer,
  Run,
  RunScorer,
  RunScoring,
  RunSource,
  RunVersions,
  ScorerRef,
  ScoreSummary,
} from "@treadle/contract";
import { sql } from "drizzle-orm";
import {
  boolean,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { RunTotals } from "./run-totals.ts";
import type { StoredExperimentInput } from "./stored-input.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const experiments = pgTable(
  "experiments",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    datasetId: text("dataset_id").notNull(),
    root: text("root").notNull(),
    /** The request, with the prompts' versions inserted. */
    input: jsonb("input").$type<StoredExperimentInput>().notNull(),
    baseline: text("baseline"),
    suite: text("suite"),
    tags: jsonb("tags").$type<string[]>().notNull(),
    itemSetId: text("item_set_id"),
    items: integer("items"),
    status: text("status").$type<"queued" | "running" | "done" | "failed" | "cancelled">().notNull(),
    stopped: text("stopped").$type<"finished" | "precision" | "budget-usd" | "budget-tokens" | "price-unknown">(),
    error: text("error"),
    spent: jsonb("spent").$type<ExperimentSpent>().notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("experiments_list").on(table.projectId, table.createdAt, table.id)],
);

export const evalItemSets = pgTable("eval_item_sets", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  /** Null until all of them are written. */
  items: integer("items"),
  createdAt: time("created_at").notNull(),
});

export const evalItems = pgTable(
  "eval_items",
  {
    itemSetId: text("item_set_id").notNull(),
    itemId: text("item_id").notNull(),
    /** Its place in the dataset. */
    position: integer("position").notNull(),
    /** Its place in the order in which items are answered, which is drawn. */
    draw: integer("draw").notNull(),
    inputs: json("inputs").$type<Record<string, unknown>>().notNull(),
    expected: json("expected").$type<unknown>(),
    metadata: jsonb("metadata").$type<Record<string, unknown>>().notNull(),
    split: text("split"),
  },
  (table) => [
    primaryKey({ columns: [table.itemSetId, table.itemId] }),
    index("eval_items_draw").on(table.itemSetId, table.draw),
  ],
);

export const evalRuns = pgTable(
  "eval_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    experimentId: text("experiment_id"),
    ordinal: integer("ordinal").notNull(),
    name: text("name").notNull(),
    origin: text("origin").$type<Run["origin"]>().notNull(),
    datasetId: text("dataset_id"),
    root: text("root"),
    itemSetId: text("item_set_id"),
    variant: jsonb("variant").$type<Run["variant"]>(),
    scorerRefs: jsonb("scorer_refs").$type<ScorerRef[]>().notNull(),
    scorers: jsonb("scorers").$type<RunScorer[]>().notNull(),
    repeats: integer("repeats").notNull(),
    suite: text("suite"),
    /** The live rule whose schedule made the run. */
    ruleId: text("rule_id"),
    source: jsonb("source").$type<RunSource>().notNull(),
    versions: jsonb("versions").$type<RunVersions>().notNull(),
    branch: text("branch"),
    tags: jsonb("tags").$type<string[]>().notNull(),
    status: text("status").$type<Run["status"]>().notNull(),
    planned: integer("planned"),
    totals: jsonb("totals").$type<RunTotals>().notNull(),
    scores: jsonb("scores").$type<ScoreSummary[]>().notNull(),
    /** For an uploaded run: the budget of its scorers, and their usage. */
    scoring: jsonb("scoring").$type<RunScoring>(),
    gate: text("gate").$type<GateOutcome>(),
    jobId: text("job_id"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [
    index("eval_runs_list").on(table.projectId, table.createdAt, table.id),
    index("eval_runs_experiment").on(table.experimentId, table.ordinal),
    index("eval_runs_suite").on(table.projectId, table.suite, table.branch),
    index("eval_runs_items").on(table.itemSetId),
    index("eval_runs_rule").on(table.ruleId, table.createdAt).where(sql`rule_id IS NOT NULL`),
  ],
);

export const evalResults = pgTable(
  "eval_results",
  {
    runId: text("run_id").notNull(),
    itemId: text("item_id").notNull(),
    repeat: integer("repeat").notNull(),
    projectId: text("project_id").notNull(),
    state: text("state").$type<ItemResult["state"]>().notNull(),
    output: text("output").notNull(),
    message: json("message").$type<unknown>(),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    traceId: text("trace_id"),
    spanId: text("span_id"),
    latencyMs: doublePrecision("latency_ms"),
    costUsd: doublePrecision("cost_usd"),
    inputTokens: integer("input_tokens"),
    outputTokens: integer("output_tokens"),
    isCached: boolean("is_cached").notNull(),
    /** A hash of the request, if another experiment may reuse the answer. */
    requestHash: text("request_hash"),
    /** For an answer of a replay. */
    replayed: jsonb("replayed").$type<ReplayedAnswer>(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.itemId, table.repeat] }),
    index("eval_results_reuse").on(table.projectId, table.requestHash),
  ],
);

export const evalScores = pgTable(
  "eval_scores",
  {
    runId: text("run_id").notNull(),
    scorer: text("scorer").notNull(),
    itemId: text("item_id").notNull(),
    repeat: integer("repeat").notNull(),
    state: text("state").$type<"scored" | "undefined" | "failed">().notNull(),
    value: doublePrecision("value"),
    label: text("label"),
    reason: text("reason").notNull(),
    details: json("details").$type<unknown>(),
    stats: json("stats").$type<number[]>(),
    costUsd: doublePrecision("cost_usd"),
  },
  (table) => [primaryKey({ columns: [table.runId, table.itemId, table.repeat, table.scorer] })],
);

export const evalQuarantine = pgTable(
  "eval_quarantine",
  {
    projectId: text("project_id").notNull(),
    suite: text("suite").notNull(),
    itemId: text("item_id").notNull(),
    reason: text("reason").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.suite, table.itemId] })],
);
