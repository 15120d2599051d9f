import type { MonitorInput, MonitorPoint, SeriesState, Severity } from "@treadle/contract";
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { SeriesMap } from "../core/series-state.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export type MonitorConfig = Omit<MonitorInput, "name" | "isEnabled">;

export const monitors = pgTable(
  "monitors",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    config: jsonb("config").$type<MonitorConfig>().notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    mutedUntil: time("muted_until"),
    /** Rises when its series begin again, so that an evaluation of the earlier settings is dropped. */
    revision: integer("revision").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("monitors_project").on(table.projectId, table.createdAt, table.id)],
);

export const monitorStates = pgTable("monitor_states", {
  monitorId: text("monitor_id").primaryKey(),
  projectId: text("project_id").notNull(),
  revision: integer("revision").notNull(),
  /** The end of the last evaluated window. */
  windowEnd: time("window_end"),
  series: jsonb("series").$type<SeriesMap>().notNull(),
  lastError: text("last_error").notNull(),
  evaluatedAt: time("evaluated_at"),
  expectedFalseAlarms: doublePrecision("expected_false_alarms"),
  estimatedAt: time("estimated_at"),
});

/** Rows never change. */
export const monitorTransitions = pgTable(
  "monitor_transitions",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    monitorId: text("monitor_id").notNull(),
    series: text("series").notNull(),
    fromState: text("from_state").$type<SeriesState>().notNull(),
    toState: text("to_state").$type<SeriesState>().notNull(),
    severity: text("severity").$type<Severity>(),
    at: time("at").notNull(),
    point: jsonb("point").$type<MonitorPoint>().notNull(),
    incidentId: text("incident_id"),
    /** Whether the series has an open incident afterwards. */
    isOpen: boolean("is_open").notNull(),
    message: text("message").notNull(),
  },
  (table) => [index("monitor_transitions_newest").on(table.monitorId, table.at, table.id)],
);
