import type { Limit } from "@treadle/contract";
import { boolean, doublePrecision, integer, jsonb, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const limits = pgTable(
  "limits",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    measure: text("measure").$type<Limit["measure"]>().notNull(),
    /** Null for concurrency. */
    window: text("window_unit").$type<NonNullable<Limit["window"]>>(),
    amount: doublePrecision("amount").notNull(),
    burst: doublePrecision("burst"),
    scope: text("scope").$type<Limit["scope"]>().notNull(),
    value: text("value"),
    timeZone: text("time_zone").notNull(),
    action: text("action").$type<Limit["action"]>().notNull(),
    unknownPrice: text("unknown_price").$type<Limit["unknownPrice"]>().notNull(),
    /** US dollars per million tokens. */
    defaultPrice: doublePrecision("default_price"),
    warnAt: jsonb("warn_at").$type<number[]>().notNull(),
    exempt: jsonb("exempt").$type<string[]>().notNull(),
    queueSeconds: integer("queue_seconds").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [unique().on(table.projectId, table.name)],
);
