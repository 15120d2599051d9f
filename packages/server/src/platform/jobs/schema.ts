import type { Job, JobProgress } from "@treadle/contract";
import { integer, json, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** JSON is stored as text: a handler's values may contain NUL, which `jsonb` rejects. */
export const jobs = pgTable("jobs", {
  id: text("id").primaryKey(),
  projectId: text("project_id").notNull(),
  kind: text("kind").notNull(),
  title: text("title").notNull(),
  subject: text("subject"),
  key: text("key"),
  payload: json("payload").$type<unknown>().notNull(),
  state: json("state").$type<unknown>(),
  status: text("status").$type<Job["status"]>().notNull(),
  progress: json("progress").$type<JobProgress>().notNull(),
  result: json("result").$type<unknown>(),
  error: json("error").$type<NonNullable<Job["error"]>>(),
  failures: integer("failures").notNull(),
  /** How often a process went away while it ran the job, since the job last saved its state. */
  interruptions: integer("interruptions").notNull(),
  /** Counts the changes that are to be seen by those who watch. */
  revision: integer("revision").notNull(),
  everySeconds: integer("every_seconds"),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
  updatedAt: time("updated_at").notNull(),
  runAt: time("run_at").notNull(),
  startedAt: time("started_at"),
  endedAt: time("ended_at"),
  /** When cancellation was requested. */
  cancelledAt: time("cancelled_at"),
  /** The process that runs it. */
  owner: text("owner"),
  /** When another process may take it, since its own has not been heard of. */
  leasedUntil: time("leased_until"),
});
