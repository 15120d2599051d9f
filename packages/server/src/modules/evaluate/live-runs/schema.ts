import type { LiveScheduleInput } from "@treadle/contract";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const liveSchedules = pgTable(
  "live_schedules",
  {
    ruleId: text("rule_id").primaryKey(),
    projectId: text("project_id").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    every: text("every").$type<LiveScheduleInput["every"]>().notNull(),
    hour: integer("hour").notNull(),
    weekday: integer("weekday").notNull(),
    sampleSize: integer("sample_size").notNull(),
    traces: text("traces").$type<LiveScheduleInput["traces"]>().notNull(),
    /** The target and the filter of the rule when the schedule was saved. */
    sampled: text("sampled").notNull(),
    /** Periods that end later are evaluated. */
    startsAt: time("starts_at").notNull(),
    lastError: text("last_error").notNull(),
    updatedBy: text("updated_by").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("live_schedules_project").on(table.projectId)],
);

/** `started`: the run has its answers, and its own status counts. */
export type PeriodState = "preparing" | "empty" | "failed" | "started";

export const livePeriods = pgTable(
  "live_periods",
  {
    ruleId: text("rule_id").notNull(),
    endsAt: time("ends_at").notNull(),
    projectId: text("project_id").notNull(),
    startsAt: time("starts_at").notNull(),
    state: text("state").$type<PeriodState>().notNull(),
    runId: text("run_id").notNull(),
    matching: integer("matching").notNull(),
    traces: integer("traces").notNull(),
    error: text("error").notNull(),
    /** The part of the run's cost that the rule's daily budget has counted. The cost is null when something had no price. */
    countedUsd: doublePrecision("counted_usd"),
    countedTokens: bigint("counted_tokens", { mode: "number" }).notNull(),
    isCounted: boolean("is_counted").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.endsAt] }), index("live_periods_open").on(table.projectId)],
);
