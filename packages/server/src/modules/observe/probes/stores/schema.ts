import type { ProbeSuspicion } from "@treadle/contract";
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { Detectors, FirstToken, KeptPrompt, ProbeSettings } from "./probe-values.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const probes = pgTable(
  "probes",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    settings: jsonb("settings").$type<ProbeSettings>().notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    state: text("state", { enum: ["setting-up", "watching", "suspected", "changed", "unsuited"] }).notNull(),
    stage: text("stage", { enum: ["selection", "samples", "daily"] }).notNull(),
    /** Orders the list: confirmed changes first. */
    rank: integer("rank").notNull(),
    /** Rises with each accepted reference. */
    epoch: integer("epoch").notNull(),
    prompts: jsonb("prompts").$type<readonly KeptPrompt[]>().notNull(),
    detectors: jsonb("detectors").$type<Detectors>().notNull(),
    suspicion: jsonb("suspicion").$type<ProbeSuspicion>(),
    notices: jsonb("notices").$type<readonly string[]>().notNull(),
    lastError: text("last_error").notNull(),
    daysWithout: integer("days_without").notNull(),
    incidentId: text("incident_id"),
    setUpUsd: doublePrecision("set_up_usd").notNull(),
    estimatedUsd: doublePrecision("estimated_usd"),
    lastRunAt: time("last_run_at"),
    nextRunAt: time("next_run_at"),
    referenceSince: time("reference_since").notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("probes_ranked").on(table.projectId, table.rank, table.createdAt, table.id)],
);

export const probeRuns = pgTable(
  "probe_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    probeId: text("probe_id").notNull(),
    epoch: integer("epoch").notNull(),
    kind: text("kind", { enum: ["selection", "samples", "reference", "daily", "confirmation"] }).notNull(),
    slot: integer("slot").notNull(),
    state: text("state", { enum: ["running", "done", "budget", "no-answers"] }).notNull(),
    /** Whether its answers are a part of the reference of later runs. */
    isReference: boolean("is_reference").notNull(),
    calls: integer("calls").notNull(),
    failures: integer("failures").notNull(),
    answers: integer("answers").notNull(),
    costUsd: doublePrecision("cost_usd").notNull(),
    countFactor: doublePrecision("count_factor"),
    logprobFactor: doublePrecision("logprob_factor"),
    evidence: doublePrecision("evidence"),
    factors: jsonb("factors").$type<Readonly<Record<string, number>>>().notNull(),
    message: text("message").notNull(),
    startedAt: time("started_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("probe_runs_newest").on(table.probeId, table.startedAt, table.id)],
);

export const probeAnswers = pgTable(
  "probe_answers",
  {
    runId: text("run_id").notNull(),
    promptId: text("prompt_id").notNull(),
    repeat: integer("repeat").notNull(),
    answer: text("answer").notNull(),
    logprobs: jsonb("logprobs").$type<FirstToken>(),
    costUsd: doublePrecision("cost_usd"),
    answeredAt: time("answered_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.promptId, table.repeat] })],
);
