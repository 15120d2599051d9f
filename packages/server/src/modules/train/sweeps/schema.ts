import type { SweepInput, SweepTrial } from "@treadle/contract";
import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const sweeps = pgTable(
  "sweeps",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    input: jsonb("input").$type<SweepInput>().notNull(),
    trials: jsonb("trials").$type<SweepTrial[]>().notNull(),
    status: text("status").$type<"queued" | "running" | "done" | "failed" | "cancelled">().notNull(),
    message: text("message").notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("sweeps_list").on(table.projectId, table.createdAt, table.id)],
);
