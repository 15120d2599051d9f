import type { AbTestEvent, AbTestReport, AbTestShare, AbTestState } from "@treadle/contract";
import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Plan } from "./plan.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const abTests = pgTable(
  "ab_tests",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    endpointId: text("endpoint_id").notNull(),
    /** The endpoint's name. */
    endpoint: text("endpoint").notNull(),
    plan: jsonb("plan").$type<Plan>().notNull(),
    state: text("state").$type<AbTestState>().notNull(),
    winner: text("winner"),
    /** The budgets in milliseconds that the start has measured, by the key of the metric. */
    budgets: jsonb("budgets").$type<Record<string, number>>().notNull(),
    /** The report at the end. Spans may be deleted later. */
    report: jsonb("report").$type<AbTestReport>(),
    /** The newest adaptive shares. */
    shares: jsonb("shares").$type<AbTestShare[]>(),
    startedAt: time("started_at"),
    endedAt: time("ended_at"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("ab_tests_newest").on(table.projectId, table.createdAt, table.id)],
);

/** Rows never change. */
export const abTestEvents = pgTable(
  "ab_test_events",
  {
    id: text("id").primaryKey(),
    abTestId: text("ab_test_id").notNull(),
    at: time("at").notNull(),
    kind: text("kind").$type<AbTestEvent["kind"]>().notNull(),
    message: text("message").notNull(),
    report: jsonb("report").$type<AbTestReport>(),
    shares: jsonb("shares").$type<AbTestShare[]>(),
    actor: text("actor").notNull(),
  },
  (table) => [index("ab_test_events_newest").on(table.abTestId, table.at, table.id)],
);
