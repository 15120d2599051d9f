import type {
  LeftOutReason,
  ResultChoice,
  TrainingConfig,
  TrainingData,
  TrainingError,
  TrainingProgress,
  TrainingResult,
  TrainingRun,
} from "@treadle/contract";
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { Artifact, Remote, WireRequest } from "./deps.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const trainingRuns = pgTable("training_runs", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  name: text("name").notNull(),
  status: text("status").$type<TrainingRun["status"]>().notNull(),
  message: text("message").notNull(),
  wanted: text("wanted").$type<TrainingRun["wanted"]>().notNull(),
  config: jsonb("config").$type<TrainingConfig>().notNull(),
  baseHash: text("base_hash"),
  data: jsonb("data").$type<TrainingData>(),
  progress: jsonb("progress").$type<TrainingProgress>().notNull(),
  wantedResult: text("wanted_result").$type<ResultChoice>(),
  result: jsonb("result").$type<TrainingResult>(),
  stopReason: text("stop_reason").$type<NonNullable<TrainingRun["stopReason"]>>(),
  error: jsonb("error").$type<TrainingError>(),
  warnings: jsonb("warnings").$type<string[]>().notNull(),
  attempt: integer("attempt").notNull(),
  cursor: bigint("cursor", { mode: "number" }).notNull(),
  lastSeq: integer("last_seq").notNull(),
  artifacts: jsonb("artifacts").$type<Artifact[]>().notNull(),
  model: jsonb("model").$type<{ name: string; version: number }>(),
  metadata: jsonb("metadata").$type<Record<string, string>>().notNull(),
  wire: jsonb("wire").$type<WireRequest>(),
  remote: jsonb("remote").$type<Remote>(),
  requestId: text("request_id"),
  jobId: text("job_id"),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
  queuedAt: time("queued_at").notNull(),
  startedAt: time("started_at"),
  endedAt: time("ended_at"),
});

export const trainingEvents = pgTable(
  "training_events",
  {
    runId: text("run_id").notNull(),
    seq: integer("seq").notNull(),
    type: text("type").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);

export const trainingCheckpoints = pgTable(
  "training_checkpoints",
  {
    runId: text("run_id").notNull(),
    step: integer("step").notNull(),
    path: text("path").notNull(),
    files: jsonb("files").$type<Record<string, string>>().notNull(),
    evalLoss: doublePrecision("eval_loss"),
    isBest: boolean("is_best").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] })],
);

export const trainingLeftOutRows = pgTable(
  "training_left_out_rows",
  {
    runId: text("run_id").notNull(),
    source: integer("source").notNull(),
    itemId: text("item_id").notNull(),
    split: text("split").$type<"train" | "val">().notNull(),
    reason: text("reason").$type<LeftOutReason>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.source, table.itemId] })],
);

export const trainingFiles = pgTable("training_files", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  name: text("name").notNull(),
  purpose: text("purpose").notNull(),
  object: text("object").notNull(),
  sha256: text("sha256").notNull(),
  sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
  rows: integer("rows").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
});
