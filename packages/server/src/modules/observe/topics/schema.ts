import type { Topic, TopicRun, TopicSettings } from "@treadle/contract";
import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const topicProjects = pgTable("topic_projects", {
  projectId: text("project_id").primaryKey(),
  settings: jsonb("settings").$type<TopicSettings>().notNull(),
  /** The day (UTC) of the last daily run. Empty before the first. */
  scheduledOn: text("scheduled_on").notNull(),
});

/** What a run reads. */
export type RunPlan = Pick<TopicRun, "from" | "to" | "filter"> & {
  readonly mostTraces: number;
  readonly topics: number | null;
};
export type RunCounts = Pick<
  TopicRun,
  "traces" | "matching" | "embedded" | "topics" | "newTopics" | "labelCalls" | "labelCostUsd" | "labelNote"
>;

export const topicRuns = pgTable(
  "topic_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    jobId: text("job_id").notNull(),
    status: text("status").$type<TopicRun["status"]>().notNull(),
    error: text("error").notNull(),
    plan: jsonb("plan").$type<RunPlan>().notNull(),
    counts: jsonb("counts").$type<RunCounts>().notNull(),
    startedBy: text("started_by").notNull(),
    createdAt: time("created_at").notNull(),
    finishedAt: time("finished_at"),
  },
  (table) => [index("topic_runs_newest").on(table.projectId, table.createdAt, table.id)],
);

export const topics = pgTable(
  "topics",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    label: text("label").notNull(),
    labelSource: text("label_source").$type<Topic["labelSource"]>().notNull(),
    firstSeenAt: time("first_seen_at").notNull(),
  },
  (table) => [index("topics_project").on(table.projectId)],
);

/** What a run found out about a topic. */
export type TopicFacts = Pick<
  Topic,
  | "words"
  | "isNew"
  | "isDistant"
  | "isOther"
  | "share"
  | "days"
  | "growth"
  | "errorRate"
  | "costUsd"
  | "durationP50Ms"
  | "durationP95Ms"
  | "feedback"
  | "feedbackCount"
> & {
  /** Traces whose texts are examples, most typical first. */
  readonly examples: readonly { readonly traceId: string; readonly at: string }[];
};

export const topicResults = pgTable(
  "topic_results",
  {
    runId: text("run_id").notNull(),
    topicId: text("topic_id").notNull(),
    projectId: text("project_id").notNull(),
    parentId: text("parent_id"),
    traces: integer("traces").notNull(),
    facts: jsonb("facts").$type<TopicFacts>().notNull(),
    center: real("center").array().notNull(),
    radius: doublePrecision("radius").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.topicId] })],
);

export const topicMembers = pgTable(
  "topic_members",
  {
    runId: text("run_id").notNull(),
    projectId: text("project_id").notNull(),
    traceId: text("trace_id").notNull(),
    topicId: text("topic_id").notNull(),
    parentId: text("parent_id"),
    at: time("at").notNull(),
    similarity: real("similarity").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.traceId] }),
    index("topic_members_topic").on(table.runId, table.topicId, table.similarity, table.traceId),
  ],
);
