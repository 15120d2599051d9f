import type {
  IssueActivity,
  IssueKind,
  IssueLink,
  IssueResolution,
  IssueSettings,
  IssueState,
} from "@treadle/contract";
import {
  bigint,
  boolean,
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
const count = (name: string) => bigint(name, { mode: "number" });

/** The position in scores or feedback: a number that rises, and a key of rows with the same number. */
export type StreamPlace = { readonly at: number; readonly key: string };

export const issueProjects = pgTable("issue_projects", {
  projectId: text("project_id").primaryKey(),
  settings: jsonb("settings").$type<IssueSettings>().notNull(),
  revision: count("revision").notNull(),
  placeMs: count("place_ms").notNull(),
  placeTraceId: text("place_trace_id").notNull(),
  placeSpanId: text("place_span_id").notNull(),
  scorePlace: jsonb("score_place").$type<StreamPlace>().notNull(),
  feedbackPlace: jsonb("feedback_place").$type<StreamPlace>().notNull(),
});

export const issues = pgTable(
  "issues",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    title: text("title").notNull(),
    hasOwnTitle: boolean("has_own_title").notNull(),
    kind: text("kind").$type<IssueKind>().notNull(),
    state: text("state").$type<IssueState>().notNull(),
    resolution: jsonb("resolution").$type<IssueResolution>(),
    resolvedAt: time("resolved_at"),
    regressions: integer("regressions").notNull(),
    isAnnounced: boolean("is_announced").notNull(),
    assigneeId: text("assignee_id"),
    links: jsonb("links").$type<IssueLink[]>().notNull(),
    mergedInto: text("merged_into"),
    occurrences: count("occurrences").notNull(),
    users: integer("users").notNull(),
    sessions: integer("sessions").notNull(),
    fingerprintCount: integer("fingerprint_count").notNull(),
    firstSeenAt: time("first_seen_at").notNull(),
    lastSeenAt: time("last_seen_at").notNull(),
  },
  (table) => [index("issues_last_seen").on(table.projectId, table.lastSeenAt, table.id)],
);

export const issueFingerprints = pgTable(
  "issue_fingerprints",
  {
    projectId: text("project_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    issueId: text("issue_id").notNull(),
    groupKey: text("group_key").notNull(),
    kind: text("kind").$type<IssueKind>().notNull(),
    errorType: text("error_type").notNull(),
    statusCode: text("status_code").notNull(),
    toolName: text("tool_name").notNull(),
    finishReason: text("finish_reason").notNull(),
    rule: text("rule").notNull(),
    message: text("message").notNull(),
    vector: real("vector").array(),
    occurrences: count("occurrences").notNull(),
    firstSeenAt: time("first_seen_at").notNull(),
    lastSeenAt: time("last_seen_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.fingerprint] }),
    index("issue_fingerprints_issue").on(table.projectId, table.issueId),
    index("issue_fingerprints_group").on(table.projectId, table.groupKey),
  ],
);

export const issueHours = pgTable(
  "issue_hours",
  {
    projectId: text("project_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    hour: time("hour").notNull(),
    occurrences: integer("occurrences").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.fingerprint, table.hour] })],
);

/** What the values of an issue are of. */
export type ValueKind = "user" | "session" | "release" | "promptVersion" | "model" | "endpoint";

export const issueValues = pgTable(
  "issue_values",
  {
    projectId: text("project_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    kind: text("kind").$type<ValueKind>().notNull(),
    value: text("value").notNull(),
    occurrences: count("occurrences").notNull(),
    firstSeenAt: time("first_seen_at").notNull(),
    lastSeenAt: time("last_seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.fingerprint, table.kind, table.value] })],
);

export const issueOccurrences = pgTable(
  "issue_occurrences",
  {
    projectId: text("project_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    occurrenceKey: text("occurrence_key").notNull(),
    traceId: text("trace_id").notNull(),
    spanId: text("span_id").notNull(),
    at: time("at").notNull(),
    release: text("release").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.fingerprint, table.occurrenceKey] }),
    index("issue_occurrences_newest").on(table.projectId, table.fingerprint, table.at, table.occurrenceKey),
  ],
);

export const issueActivities = pgTable(
  "issue_activities",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    issueId: text("issue_id").notNull(),
    action: text("action").$type<IssueActivity["action"]>().notNull(),
    actor: text("actor").notNull(),
    at: time("at").notNull(),
    from: text("from_text").notNull(),
    to: text("to_text").notNull(),
    /** Of a merge or a split: the fingerprints that moved, and the issue that they moved from or to. */
    fingerprints: jsonb("fingerprints").$type<string[]>().notNull(),
    otherIssueId: text("other_issue_id"),
    isUndone: boolean("is_undone").notNull(),
  },
  (table) => [index("issue_activities_newest").on(table.projectId, table.issueId, table.at, table.id)],
);
