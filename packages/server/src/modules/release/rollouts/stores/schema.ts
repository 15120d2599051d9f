import type { RolloutEvent, RolloutEvidence, RolloutPoint, RolloutReason, RolloutState } from "@treadle/contract";
import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { FinishedStage, Plan } from "../evidence/plan.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const rollouts = pgTable(
  "rollouts",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    /** The endpoint's name. */
    endpoint: text("endpoint").notNull(),
    plan: jsonb("plan").$type<Plan>().notNull(),
    state: text("state").$type<RolloutState>().notNull(),
    stage: integer("stage"),
    share: doublePrecision("share").notNull(),
    reason: text("reason").$type<RolloutReason>(),
    message: text("message").notNull(),
    lastError: text("last_error").notNull(),
    /** The budgets in milliseconds that the start has measured, by the key of the metric. */
    budgets: jsonb("budgets").$type<Record<string, number>>().notNull(),
    /** The stages that were passed since the start or the last resume. */
    finished: jsonb("finished").$type<FinishedStage[]>().notNull(),
    evidence: jsonb("evidence").$type<RolloutEvidence>(),
    /** The keys of metrics that a warning was given for. */
    warned: jsonb("warned").$type<string[]>().notNull(),
    /** Counts the transitions, so that a decision about an earlier state is dropped. */
    revision: integer("revision").notNull(),
    /** How long the stage was observed. */
    observedMs: bigint("observed_ms", { mode: "number" }).notNull(),
    startedAt: time("started_at"),
    stageStartedAt: time("stage_started_at"),
    evaluatedAt: time("evaluated_at"),
    deadline: time("deadline"),
    endedAt: time("ended_at"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("rollouts_newest").on(table.projectId, table.createdAt, table.id)],
);

/** Rows never change. */
export const rolloutEvents = pgTable(
  "rollout_events",
  {
    id: text("id").primaryKey(),
    rolloutId: text("rollout_id").notNull(),
    at: time("at").notNull(),
    kind: text("kind").$type<RolloutEvent["kind"]>().notNull(),
    stage: integer("stage"),
    share: doublePrecision("share").notNull(),
    reason: text("reason").$type<RolloutReason>(),
    message: text("message").notNull(),
    evidence: jsonb("evidence").$type<RolloutEvidence>(),
    actor: text("actor").notNull(),
  },
  (table) => [index("rollout_events_newest").on(table.rolloutId, table.at, table.id)],
);

export const rolloutPoints = pgTable(
  "rollout_points",
  {
    rolloutId: text("rollout_id").notNull(),
    at: time("at").notNull(),
    stage: integer("stage").notNull(),
    share: doublePrecision("share").notNull(),
    units: jsonb("units").$type<RolloutPoint["units"]>().notNull(),
    metrics: jsonb("metrics").$type<RolloutPoint["metrics"]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.rolloutId, table.at] })],
);
