import type { SloAlerts, SloIndicator } from "@treadle/contract";
import { bigint, doublePrecision, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

export const slos = pgTable("slos", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  name: text("name").notNull(),
  description: text("description").notNull(),
  endpoint: text("endpoint").notNull(),
  filter: text("filter").notNull(),
  counts: text("counts", { enum: ["calls", "roots"] }).notNull(),
  indicator: jsonb("indicator").$type<SloIndicator>().notNull(),
  objective: doublePrecision("objective").notNull(),
  windowDays: integer("window_days").$type<7 | 28 | 30>().notNull(),
  alerts: jsonb("alerts").$type<SloAlerts>().notNull(),
  monitorId: text("monitor_id"),
  daysThrough: text("days_through"),
  revision: integer("revision").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
  updatedAt: time("updated_at").notNull(),
});

export const sloDays = pgTable(
  "slo_days",
  {
    sloId: text("slo_id").notNull(),
    day: text("day").notNull(),
    requests: count("requests").notNull(),
    n: count("n").notNull(),
    bad: count("bad").notNull(),
    judged: count("judged").notNull(),
    judgedBad: count("judged_bad").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sloId, table.day] })],
);
