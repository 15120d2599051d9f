import { z } from "zod";
import { content } from "../../content.ts";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  ISSUE_ORDERS,
  ISSUE_STATES,
  Issue,
  IssueActivity,
  IssueComment,
  IssueDetail,
  IssueKind,
  IssueOccurrence,
  IssuePatch,
  IssueSettings,
  IssueState,
  IssueTimes,
  IssueTrendPoint,
} from "./issues.ts";

const one = { issueId: z.string().max(100) };
const params = z.object(one);
const activity = z.object({ ...one, activityId: z.string().max(100) });
const comment = z.object({ ...one, commentId: z.string().max(100) });
const text = z.strictObject({ text: z.string().trim().min(1).max(20_000).describe("Markdown.") });

export const issuesApi = defineApi({
  "GET /api/v1/issues": {
    name: "listIssues",
    summary: "The issues: failures with one cause",
    permission: "incidents:read",
    query: PageQuery.extend({
      state: IssueState.optional(),
      isOpen: z.stringbool().optional().describe("Only `new`, `acknowledged` and `regressed`."),
      kind: IssueKind.optional(),
      assigneeId: z.string().max(100).optional(),
      release: z.string().max(200).optional().describe("Seen in this release."),
      q: content(z.string().max(200).optional().describe("Text in the title."), "search"),
      order: z.enum(ISSUE_ORDERS).default("lastSeen"),
      direction: z.enum(["asc", "desc"]).default("desc"),
    }),
    response: pageOf(Issue),
  },
  "GET /api/v1/issue-counts": {
    name: "countIssues",
    summary: "The number of issues in each state",
    permission: "incidents:read",
    response: z.object({
      counts: z.record(z.enum(ISSUE_STATES), z.number()),
      followedTo: z.string().nullable().describe("Spans received up to this time are grouped. Null before the start."),
    }),
  },
  "GET /api/v1/issue-settings": {
    name: "getIssueSettings",
    summary: "What counts as a failure, and what is announced",
    permission: "incidents:read",
    response: IssueSettings,
  },
  "PUT /api/v1/issue-settings": {
    name: "updateIssueSettings",
    summary: "Change what counts as a failure; this applies to new spans",
    permission: "incidents:write",
    body: IssueSettings,
    example: { scores: [{ score: "helpful", direction: "below", value: 0.5 }], announceAtPerHour: 20 },
    response: IssueSettings,
  },
  "GET /api/v1/issues/:issueId": {
    name: "getIssue",
    summary: "One issue with its fingerprints, releases and prompt versions",
    permission: "incidents:read",
    params,
    response: IssueDetail,
  },
  "PATCH /api/v1/issues/:issueId": {
    name: "updateIssue",
    summary: "Change the state, title, assignee or links of an issue",
    permission: "incidents:write",
    params,
    body: IssuePatch,
    example: { state: "resolved", resolution: { kind: "release", release: "1.4.0" } },
    response: Issue,
  },
  "GET /api/v1/issues/:issueId/trend": {
    name: "getIssueTrend",
    summary: "The occurrences of an issue per hour or day (UTC), the last 14 days by default",
    permission: "incidents:read",
    params,
    query: IssueTimes.extend({ by: z.enum(["hour", "day"]).default("day") }),
    response: z.object({ items: z.array(IssueTrendPoint), nextCursor: z.string().nullable() }),
  },
  "GET /api/v1/issues/:issueId/occurrences": {
    name: "listIssueOccurrences",
    summary: "The newest occurrences of an issue, up to 500 per fingerprint",
    permission: "incidents:read",
    params,
    query: PageQuery.extend({ fingerprint: z.string().max(100).optional() }),
    response: pageOf(IssueOccurrence),
  },
  "POST /api/v1/issues/:issueId/merge": {
    name: "mergeIssue",
    summary: "Move all fingerprints of another issue into this one; this can be undone",
    permission: "incidents:write",
    params,
    body: z.strictObject({ otherIssueId: z.string().min(1).max(100) }),
    response: Issue,
  },
  "POST /api/v1/issues/:issueId/split": {
    name: "splitIssue",
    summary: "Move fingerprints of an issue into a new issue; this can be undone",
    permission: "incidents:write",
    params,
    body: z.strictObject({ fingerprints: z.array(z.string().min(1).max(100)).min(1).max(1_000) }),
    response: Issue,
  },
  "GET /api/v1/issues/:issueId/activities": {
    name: "listIssueActivities",
    summary: "What happened to an issue, newest first",
    permission: "incidents:read",
    params,
    query: PageQuery,
    response: pageOf(IssueActivity),
  },
  "POST /api/v1/issues/:issueId/activities/:activityId/undo": {
    name: "undoIssueActivity",
    summary: "Undo a merge or a split",
    permission: "incidents:write",
    params: activity,
    response: Issue,
  },
  "GET /api/v1/issues/:issueId/comments": {
    name: "listIssueComments",
    summary: "The comments on an issue, oldest first",
    permission: "incidents:read",
    params,
    query: PageQuery,
    response: pageOf(IssueComment),
  },
  "POST /api/v1/issues/:issueId/comments": {
    name: "createIssueComment",
    summary: "Comment on an issue",
    permission: "incidents:write",
    params,
    body: text,
    response: IssueComment,
    status: 201,
  },
  "PATCH /api/v1/issues/:issueId/comments/:commentId": {
    name: "updateIssueComment",
    summary: "Change the text of one's own comment",
    permission: "incidents:write",
    params: comment,
    body: text,
    response: IssueComment,
  },
  "DELETE /api/v1/issues/:issueId/comments/:commentId": {
    name: "deleteIssueComment",
    summary: "Delete one's own comment; who may change members may delete any",
    permission: "incidents:write",
    params: comment,
    response: Done,
  },
});
