import type { RecordedTraffic, ReplayInput } from "@treadle/contract";
import { index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const replays = pgTable(
  "replays",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    input: jsonb("input").$type<ReplayInput>().notNull(),
    /** Of the preparation. Once it has started, the experiment has the state. */
    state: text("state").$type<"preparing" | "started" | "failed" | "cancelled">().notNull(),
    error: text("error"),
    datasetId: text("dataset_id").notNull(),
    datasetVersion: text("dataset_version"),
    baselineRunId: text("baseline_run_id"),
    experimentId: text("experiment_id"),
    recorded: jsonb("recorded").$type<RecordedTraffic>(),
    jobId: text("job_id").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    endedAt: time("ended_at"),
  },
  (table) => [index("replays_newest").on(table.projectId, table.createdAt, table.id)],
);
