import type { ExperimentSpent, Optimisation, OptimisationInput, PromptContent, RunScorer } from "@treadle/contract";
import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** The configuration, with every version and model fixed. */
type FixedInput = OptimisationInput & { readonly model: string; readonly reflectionModel: string };

export const optimisations = pgTable(
  "optimisations",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    promptName: text("prompt_name").notNull(),
    promptVersion: integer("prompt_version").notNull(),
    root: text("root").notNull(),
    input: jsonb("input").$type<FixedInput>().notNull(),
    content: jsonb("content").$type<PromptContent>().notNull(),
    scorers: jsonb("scorers").$type<RunScorer[]>().notNull(),
    parts: jsonb("parts").$type<Optimisation["parts"]>(),
    candidates: jsonb("candidates").$type<Optimisation["candidates"]>().notNull(),
    refused: jsonb("refused").$type<Optimisation["refused"]>().notNull(),
    curve: jsonb("curve").$type<Optimisation["curve"]>().notNull(),
    best: integer("best"),
    test: jsonb("test").$type<Optimisation["test"]>(),
    saved: jsonb("saved").$type<Optimisation["saved"]>().notNull(),
    warnings: jsonb("warnings").$type<string[]>().notNull(),
    status: text("status").$type<Optimisation["status"]>().notNull(),
    stopped: text("stopped").$type<Optimisation["stopped"]>(),
    message: text("message").notNull(),
    answers: integer("answers").notNull(),
    reflections: integer("reflections").notNull(),
    spent: jsonb("spent").$type<ExperimentSpent>().notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("optimisations_list").on(table.projectId, table.createdAt, table.id)],
);

export const optimisationAnswers = pgTable(
  "optimisation_answers",
  {
    optimisationId: text("optimisation_id").notNull(),
    program: text("program").notNull(),
    itemId: text("item_id").notNull(),
    score: doublePrecision("score"),
    feedback: text("feedback").notNull(),
    output: text("output").notNull(),
    tokens: integer("tokens"),
    costUsd: doublePrecision("cost_usd"),
    latencyMs: doublePrecision("latency_ms"),
  },
  (table) => [primaryKey({ columns: [table.optimisationId, table.program, table.itemId] })],
);

export const optimisationReflections = pgTable(
  "optimisation_reflections",
  {
    optimisationId: text("optimisation_id").notNull(),
    request: text("request").notNull(),
    answer: text("answer").notNull(),
  },
  (table) => [primaryKey({ columns: [table.optimisationId, table.request] })],
);
