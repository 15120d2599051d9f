import type { ExperimentSpent, RedTeamInput } from "@treadle/contract";
import { index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const redTeamRuns = pgTable(
  "red_team_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    /** The request, with the versions of its policies fixed. */
    input: jsonb("input").$type<RedTeamInput>().notNull(),
    /** Of the preparation. Once it has started, the experiment has the state. */
    state: text("state").$type<"preparing" | "started" | "failed" | "cancelled">().notNull(),
    error: text("error"),
    attacks: integer("attacks").notNull(),
    harmless: integer("harmless").notNull(),
    attackerSpent: jsonb("attacker_spent").$type<ExperimentSpent>().notNull(),
    warnings: jsonb("warnings").$type<string[]>().notNull(),
    datasetId: text("dataset_id").notNull(),
    experimentId: text("experiment_id"),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("red_team_runs_newest").on(table.projectId, table.createdAt, table.id)],
);
