import type { QuestionJudgement, QuestionResult } from "@treadle/contract";
import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import type { RunSettings, RunSummary } from "../measures/run-summary.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const questionSets = pgTable(
  "question_sets",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    baseId: text("base_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    overlap: doublePrecision("overlap").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    unique().on(table.baseId, table.name),
    index("question_sets_newest").on(table.baseId, table.createdAt, table.id),
  ],
);

export const questions = pgTable(
  "questions",
  {
    setId: text("set_id").notNull(),
    id: text("id").notNull(),
    place: integer("place").notNull(),
    question: text("question").notNull(),
    relevant: jsonb("relevant").$type<QuestionJudgement[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.setId, table.id] }),
    index("questions_in_order").on(table.setId, table.place, table.id),
  ],
);

export const retrievalRuns = pgTable(
  "retrieval_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    baseId: text("base_id").notNull(),
    setId: text("set_id").notNull(),
    gridId: text("grid_id"),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    settings: jsonb("settings").$type<RunSettings>().notNull(),
    summary: jsonb("summary").$type<RunSummary>(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    index("retrieval_runs_newest").on(table.setId, table.createdAt, table.id),
    index("retrieval_runs_grid").on(table.projectId, table.gridId),
  ],
);

export const retrievalResults = pgTable(
  "retrieval_results",
  {
    runId: text("run_id").notNull(),
    questionId: text("question_id").notNull(),
    place: integer("place").notNull(),
    judgementHash: text("judgement_hash").notNull(),
    result: jsonb("result").$type<QuestionResult>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.questionId] })],
);
