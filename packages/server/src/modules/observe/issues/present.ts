import type { Issue, IssueFingerprint, IssueTrendPoint, IssueValue } from "@treadle/contract";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import type { FingerprintRow } from "./stores/fingerprint-store.ts";
import type { IssueRow } from "./stores/issue-store.ts";

export const TREND_DAYS = 14;

type Around = { readonly trend: readonly number[]; readonly names: ReadonlyMap<string, string> };

export const toIssue = (row: IssueRow, { trend, names }: Around): Issue => ({
  issueId: row.id,
  title: row.title,
  kind: row.kind,
  state: row.state,
  resolution: row.resolution,
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
  regressions: row.regressions,
  occurrences: row.occurrences,
  users: row.users,
  sessions: row.sessions,
  fingerprintCount: row.fingerprintCount,
  firstSeenAt: row.firstSeenAt.toISOString(),
  lastSeenAt: row.lastSeenAt.toISOString(),
  trend: [...trend],
  assignee:
    row.assigneeId === null ? null : { userId: row.assigneeId, name: names.get(row.assigneeId) ?? row.assigneeId },
  links: row.links,
});

export const toFingerprint = (row: FingerprintRow): IssueFingerprint => ({
  fingerprint: row.fingerprint,
  kind: row.kind,
  errorType: row.errorType,
  statusCode: row.statusCode,
  toolName: row.toolName,
  finishReason: row.finishReason,
  rule: row.rule,
  message: row.message,
  occurrences: row.occurrences,
  firstSeenAt: row.firstSeenAt.toISOString(),
  lastSeenAt: row.lastSeenAt.toISOString(),
});

type ValueSum = { value: string; occurrences: number; firstSeenAt: string; lastSeenAt: string };
export const toValue = ({ value, occurrences, firstSeenAt, lastSeenAt }: ValueSum): IssueValue => ({
  value,
  occurrences,
  firstSeenAt: new Date(firstSeenAt).toISOString(),
  lastSeenAt: new Date(lastSeenAt).toISOString(),
});

const startOfDay = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;

/** The days of a trend: today and the days before (UTC). */
export const trendRange = (now: number) => ({
  from: new Date(startOfDay(now) - (TREND_DAYS - 1) * DAY_MS),
  to: new Date(startOfDay(now) + DAY_MS),
});

type Hour = { readonly hour: Date; readonly occurrences: number };
type Range = { readonly from: Date; readonly to: Date };

/** Occurrences of each hour or day of a range. Stretches without any are 0. */
export function toTrend(hours: readonly Hour[], { from, to }: Range, by: "hour" | "day"): IssueTrendPoint[] {
  const stepMs = by === "hour" ? HOUR_MS : DAY_MS;
  const start = Math.floor(from.getTime() / stepMs) * stepMs;
  const sums = new Map<number, number>();
  for (const { hour, occurrences } of hours) {
    const place = Math.floor((hour.getTime() - start) / stepMs);
    sums.set(place, (sums.get(place) ?? 0) + occurrences);
  }
  return Array.from({ length: Math.ceil((to.getTime() - start) / stepMs) }, (_, place) => ({
    at: new Date(start + place * stepMs).toISOString(),
    occurrences: sums.get(place) ?? 0,
  }));
}
