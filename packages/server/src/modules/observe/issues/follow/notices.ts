import type { IssueSettings } from "@treadle/contract";
import type { Notice } from "../../../system/notifications/index.ts";
import { type Cause, nameOf } from "../failures/failure.ts";
import type { IssueRow } from "../stores/issue-store.ts";

type About = {
  readonly issue: IssueRow;
  /** Its main cause: notices contain no text of traces. */
  readonly cause: Cause;
  readonly settings: IssueSettings;
  readonly at: Date;
};

/** A new issue that occurs more often than the chosen rate. */
export const newIssueNotice = ({ issue, cause, settings, at }: About, perHour: number): Notice => ({
  subject: { kind: "issue", id: issue.id },
  event: "opened",
  key: `issue:${issue.id}:new`,
  severity: settings.severity,
  labels: { source: "issues", kind: issue.kind },
  group: issue.id,
  title: `New issue: ${nameOf(cause)}`,
  text: `A new issue occurred ${perHour} times within an hour.`,
  facts: factsOf(issue, [{ label: "Occurrences in the last hour", value: String(perHour) }]),
  links: linksOf(issue),
  at,
});

/** An issue that occurs again after it was resolved. */
export const regressionNotice = ({ issue, cause, settings, at }: About, release: string): Notice => ({
  subject: { kind: "issue", id: issue.id },
  event: "reopened",
  key: `issue:${issue.id}:regressed:${issue.regressions}`,
  severity: settings.severity,
  labels: { source: "issues", kind: issue.kind },
  group: issue.id,
  title: `Regressed: ${nameOf(cause)}`,
  text: "A resolved issue occurs again.",
  facts: factsOf(issue, release === "" ? [] : [{ label: "Release", value: release }]),
  links: linksOf(issue),
  at,
});

/** An announced issue that was resolved by a person. */
export const resolvedNotice = ({ issue, cause, settings, at }: About): Notice => ({
  subject: { kind: "issue", id: issue.id },
  event: "resolved",
  key: `issue:${issue.id}:resolved:${issue.regressions}:${at.getTime()}`,
  severity: settings.severity,
  labels: { source: "issues", kind: issue.kind },
  group: issue.id,
  title: `Resolved: ${nameOf(cause)}`,
  text: "The issue was resolved.",
  facts: factsOf(issue, []),
  links: linksOf(issue),
  at,
});

type Facts = Notice["facts"];
const factsOf = (issue: IssueRow, more: Facts): Facts => [
  ...more,
  { label: "Occurrences", value: String(issue.occurrences) },
  { label: "Users", value: String(issue.users) },
  { label: "First seen", value: issue.firstSeenAt.toISOString() },
  { label: "Last seen", value: issue.lastSeenAt.toISOString() },
];
const linksOf = (issue: IssueRow): Notice["links"] => [{ label: "Issue", path: `/issues/${issue.id}` }];
