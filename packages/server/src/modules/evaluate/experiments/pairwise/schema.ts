import type {
  ExperimentSpent,
  PairwiseInput,
  PairwiseJudging,
  PairwiseResult,
  PairwiseVerdict,
  RunHead,
  ScoreState,
} from "@treadle/contract";
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
import type { Side } from "./side.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const evalJudgings = pgTable(
  "eval_judgings",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    datasetId: text("dataset_id"),
    /** The runs as they were named at the start. */
    heads: jsonb("heads").$type<RunHead[]>().notNull(),
    /** The request, with the judge's version inserted. */
    input: jsonb("input").$type<PairwiseInput>().notNull(),
    judge: jsonb("judge").$type<PairwiseJudging["judge"]>().notNull(),
    items: integer("items"),
    leftOut: integer("left_out"),
    result: jsonb("result").$type<PairwiseResult>(),
    warnings: jsonb("warnings").$type<string[]>().notNull(),
    status: text("status").$type<PairwiseJudging["status"]>().notNull(),
    stopped: text("stopped").$type<PairwiseJudging["stopped"]>(),
    error: text("error"),
    spent: jsonb("spent").$type<ExperimentSpent>().notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("eval_judgings_list").on(table.projectId, table.createdAt, table.id)],
);

export const evalVerdicts = pgTable(
  "eval_verdicts",
  {
    judgingId: text("judging_id").notNull(),
    itemId: text("item_id").notNull(),
    baseRunId: text("base_run_id").notNull(),
    headRunId: text("head_run_id").notNull(),
    projectId: text("project_id").notNull(),
    state: text("state").$type<ScoreState>().notNull(),
    winner: text("winner").$type<Side>(),
    /** The judge's response with the base's answer first. */
    baseFirst: text("base_first").$type<Side>(),
    headFirst: text("head_first").$type<Side>(),
    isSame: boolean("is_same").notNull(),
    isCached: boolean("is_cached").notNull(),
    reason: text("reason").notNull(),
    calls: json("calls").$type<PairwiseVerdict["calls"]>().notNull(),
    /** The same for both orders of the same two answers to the same question by the same judge. */
    pairHash: text("pair_hash").notNull(),
    /** Whether the base's answer comes after the head's in the order that the hash is made in. */
    isTurned: boolean("is_turned").notNull(),
    costUsd: doublePrecision("cost_usd"),
  },
  (table) => [
    primaryKey({ columns: [table.judgingId, table.itemId, table.baseRunId, table.headRunId] }),
    index("eval_verdicts_reuse").on(table.projectId, table.pairHash),
  ],
);
