import type { Bisect, BisectFinding, BisectInput, BisectProbe, BisectStep, ExperimentSpent } from "@treadle/contract";
import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const evalBisects = pgTable(
  "eval_bisects",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    goodRunId: text("good_run_id").notNull(),
    badRunId: text("bad_run_id").notNull(),
    scorer: text("scorer").notNull(),
    input: jsonb("input").$type<BisectInput>().notNull(),
    steps: jsonb("steps").$type<BisectStep[]>().notNull(),
    /**
     * The runs of the states by index: 0 is the good run, the last one the bad run. Others are created when they are
     * tested.
     */
    states: jsonb("states").$type<Record<string, string>>().notNull(),
    probes: jsonb("probes").$type<BisectProbe[]>().notNull(),
    findings: jsonb("findings").$type<BisectFinding[]>().notNull(),
    total: jsonb("total").$type<Bisect["total"]>(),
    status: text("status").$type<Bisect["status"]>().notNull(),
    outcome: text("outcome").$type<Bisect["outcome"]>(),
    message: text("message").notNull(),
    spent: jsonb("spent").$type<ExperimentSpent>().notNull(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("eval_bisects_list").on(table.projectId, table.createdAt, table.id)],
);
