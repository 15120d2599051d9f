import { z } from "zod";
import { content } from "../../content.ts";
import { Name, StoredTime, Timestamp } from "../../pages.ts";
import { Severity } from "./monitors.ts";

export const ISSUE_KINDS = ["error", "tool", "refusal", "truncation", "schema", "score", "guard", "feedback"] as const;
/** What failed: a span, a tool call, a refused, cut off or invalid answer, a score, a guard's block, or a user's judgement. */
export const IssueKind = z.enum(ISSUE_KINDS);
export type IssueKind = z.output<typeof IssueKind>;

export const ISSUE_STATES = ["new", "acknowledged", "regressed", "resolved", "ignored"] as const;
export const IssueState = z.enum(ISSUE_STATES);
export type IssueState = z.output<typeof IssueState>;

/** Where an issue is fixed. It regresses if it occurs there or later. */
export const IssueResolution = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("time") }),
  z.strictObject({ kind: z.literal("release"), release: z.string().trim().min(1).max(200) }),
  z.strictObject({
    kind: z.literal("promptVersion"),
    promptName: z.string().trim().min(1).max(300),
    promptVersion: z.string().trim().min(1).max(200),
  }),
]);
export type IssueResolution = z.output<typeof IssueResolution>;

/** An experiment, dataset or test set that covers the issue. */
export const IssueLink = z.strictObject({
  kind: z.enum(["experiment", "dataset", "testSet"]),
  objectId: z.string().trim().min(1).max(100),
  name: Name,
});
export type IssueLink = z.output<typeof IssueLink>;

/** Failures with the same fingerprint: equal causes, and messages that are equal without numbers, ids and quotes. */
export const IssueFingerprint = z.object({
  fingerprint: z.string(),
  kind: IssueKind,
  errorType: z.string(),
  statusCode: z.string(),
  toolName: z.string(),
  finishReason: z.string(),
  rule: z.string().describe("The name of the score or the guard's finding."),
  message: content(z.string().describe("The message without numbers, ids and quotes.")),
  occurrences: z.number(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
});
export type IssueFingerprint = z.output<typeof IssueFingerprint>;

const more = "Counted up to 2,000 per fingerprint.";
/** Failures with one cause. */
export const Issue = z.object({
  issueId: z.string(),
  title: content(z.string()),
  kind: IssueKind,
  state: IssueState,
  resolution: IssueResolution.nullable(),
  resolvedAt: Timestamp.nullable(),
  regressions: z.number().describe("How often it occurred again after it was resolved."),
  occurrences: z.number(),
  users: z.number().describe(more),
  sessions: z.number().describe(more),
  fingerprintCount: z.number(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
  trend: z.array(z.number()).describe("Occurrences per day (UTC) of the last 14 days, oldest first."),
  assignee: z.object({ userId: z.string(), name: z.string() }).nullable(),
  links: z.array(IssueLink),
  isContentHidden: z.boolean().optional(),
});
export type Issue = z.output<typeof Issue>;

/** A value that occurs in an issue, such as a release. */
export const IssueValue = z.object({
  value: z.string(),
  occurrences: z.number(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
});
export type IssueValue = z.output<typeof IssueValue>;

export const IssueDetail = Issue.extend({
  fingerprints: z.array(IssueFingerprint).describe("The 100 with the most occurrences."),
  releases: z.array(IssueValue),
  promptVersions: z.array(IssueValue).describe("As `name@version`."),
  models: z.array(IssueValue),
  endpoints: z.array(IssueValue),
});
export type IssueDetail = z.output<typeof IssueDetail>;

export const IssueOccurrence = z.object({
  occurrenceId: z.string(),
  traceId: z.string(),
  spanId: z.string().describe("Empty for a failure of the whole trace."),
  fingerprint: z.string(),
  at: Timestamp,
  message: content(z.string()),
  release: z.string(),
  isContentHidden: z.boolean().optional(),
});
export type IssueOccurrence = z.output<typeof IssueOccurrence>;

export const IssueActivity = z.object({
  activityId: z.string(),
  action: z.enum(["state", "regressed", "assign", "rename", "link", "merge", "split", "undo"]),
  actor: z.object({ actorId: z.string(), name: z.string() }),
  at: Timestamp,
  from: content(z.string()),
  to: content(z.string()),
  isUndoable: z.boolean(),
  isContentHidden: z.boolean().optional(),
});
export type IssueActivity = z.output<typeof IssueActivity>;

export const IssueComment = z.object({
  commentId: z.string(),
  text: z.string(),
  author: z.object({ actorId: z.string(), name: z.string() }),
  isOwn: z.boolean(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
});
export type IssueComment = z.output<typeof IssueComment>;

export const IssuePatch = z
  .strictObject({
    state: z.enum(["new", "acknowledged", "resolved", "ignored"]).optional(),
    resolution: IssueResolution.optional().describe("Where it is fixed. Only with the state `resolved`."),
    title: z.string().trim().min(1).max(300).optional(),
    assigneeId: z.string().min(1).max(100).nullable().optional().describe("A member's user id. Null unassigns."),
    links: z.array(IssueLink).max(20).optional(),
  })
  .refine(({ state, resolution }) => !resolution || state === "resolved", "`resolution` needs the state `resolved`");
export type IssuePatch = z.output<typeof IssuePatch>;

/** Scores below or above this are failures. */
export const ScoreThreshold = z.strictObject({
  score: z.string().trim().min(1).max(200),
  direction: z.enum(["below", "above"]).default("below"),
  value: z.number().min(-1e12).max(1e12),
});
export type ScoreThreshold = z.output<typeof ScoreThreshold>;

export const IssueSettings = z.strictObject({
  isEnabled: z.boolean().default(true),
  kinds: z
    .array(IssueKind)
    .max(ISSUE_KINDS.length)
    .default([...ISSUE_KINDS])
    .describe("What counts as a failure."),
  scores: z.array(ScoreThreshold).max(50).default([]),
  joinsByMeaning: z.boolean().default(true).describe("Joins fingerprints whose messages mean the same."),
  announceAtPerHour: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(10)
    .describe("A new issue with this many occurrences in an hour is announced. Null for never."),
  announcesRegressions: z.boolean().default(true),
  severity: Severity.default("warning"),
});
export type IssueSettings = z.output<typeof IssueSettings>;

/** A stretch of a trend. */
export const IssueTrendPoint = z.object({ at: Timestamp, occurrences: z.number() });
export type IssueTrendPoint = z.output<typeof IssueTrendPoint>;

export const ISSUE_ORDERS = ["lastSeen", "firstSeen", "occurrences", "users"] as const;
export const IssueTimes = z.object({ from: StoredTime.optional(), to: StoredTime.optional() });
