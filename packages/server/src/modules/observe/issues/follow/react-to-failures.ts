import type { IssueSettings } from "@treadle/contract";
import { HOUR_MS } from "../../../../kernel/day.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Failure } from "../failures/failure.ts";
import { isRegression, type ReleaseStarts } from "../failures/regression.ts";
import { createActivityStore } from "../stores/activity-store.ts";
import { createCountStore } from "../stores/count-store.ts";
import type { IssuesDeps } from "../stores/deps.ts";
import type { FingerprintRow } from "../stores/fingerprint-store.ts";
import { createIssueStore, type IssueRow } from "../stores/issue-store.ts";
import { newIssueNotice, regressionNotice } from "./notices.ts";

export type Batch = {
  readonly failures: readonly Failure[];
  /** The issues that new fingerprints belong to. */
  readonly issueOf: ReadonlyMap<string, string>;
  readonly vectorOf: ReadonlyMap<string, readonly number[]>;
  readonly starts: ReleaseStarts;
  readonly settings: IssueSettings;
};
/** The failures of a batch by fingerprint, and the rows of the fingerprints. */
export type Grouped = {
  readonly groups: ReadonlyMap<string, readonly Failure[]>;
  readonly rows: readonly FingerprintRow[];
};
type Deps = Pick<IssuesDeps, "announce" | "clock">;
type Within = { readonly tx: Postgres; readonly scope: Scope };
type About = Parameters<typeof regressionNotice>[0];

/** Reopens resolved issues, and announces what is new and frequent. */
export async function reactToFailures(deps: Deps, within: Within, batch: Batch & Grouped): Promise<void> {
  const { rows, groups, starts, settings } = batch;
  const causes = new Map(rows.map((row) => [row.issueId, row]));
  const issues = await createIssueStore(within.tx).findMany(within.scope.projectId, [...causes.keys()]);
  for (const issue of issues) {
    const cause = causes.get(issue.id);
    if (!cause) continue;
    const own = rows.filter(({ issueId }) => issueId === issue.id);
    const failures = own.flatMap(({ fingerprint }) => groups.get(fingerprint) ?? []);
    const about = { issue, cause, settings, at: new Date(deps.clock.now()) };
    const again = failures.find((failure) => isAgain(issue, failure, starts));
    if (again) await reopen(deps, within, { ...about, release: again.release });
    else if (issue.state === "new" && !issue.isAnnounced) await announceNew(deps, within, about);
  }
}

const isAgain = ({ state, resolution, resolvedAt }: IssueRow, failure: Failure, starts: ReleaseStarts) =>
  state === "resolved" &&
  resolution !== null &&
  resolvedAt !== null &&
  isRegression(failure, { resolution, resolvedAt }, starts);

async function reopen({ announce }: Deps, { tx, scope }: Within, { release, ...about }: About & { release: string }) {
  const { issue, settings, at } = about;
  const regressions = issue.regressions + 1;
  const changes = { state: "regressed" as const, regressions, resolution: null, resolvedAt: null };
  const next = await createIssueStore(tx).update(scope.projectId, issue.id, changes);
  const entry = { id: newId("iact"), projectId: scope.projectId, issueId: issue.id, actor: "system", at };
  const rest = { fingerprints: [], otherIssueId: null, isUndone: false };
  await createActivityStore(tx).add([{ ...entry, ...rest, action: "regressed", from: "resolved", to: release }]);
  if (next && settings.announcesRegressions)
    await announce(tx, scope, regressionNotice({ ...about, issue: next }, release));
}

async function announceNew({ announce }: Deps, { tx, scope }: Within, about: About): Promise<void> {
  const { issue, settings, at } = about;
  if (settings.announceAtPerHour === null) return;
  const range = { from: new Date(at.getTime() - HOUR_MS), to: new Date(at.getTime() + HOUR_MS) };
  const hours = await createCountStore(tx).listHours(scope.projectId, [issue.id], range);
  const most = Math.max(0, ...hours.map(({ occurrences }) => occurrences));
  if (most < settings.announceAtPerHour) return;
  await createIssueStore(tx).update(scope.projectId, issue.id, { isAnnounced: true });
  await announce(tx, scope, newIssueNotice(about, most));
}
