import type { IssueSettings } from "@treadle/contract";
import { HOUR_MS } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { createActivityStore } from "./activity-store.ts";
import { createCountStore } from "./count-store.ts";
import type { IssuesDeps } from "./deps.ts";
import { type Cause, type Failure, titleOf } from "./failure.ts";
import { createFingerprintStore, type FingerprintRow } from "./fingerprint-store.ts";
import { createIssueStore, type IssueRow } from "./issue-store.ts";
import { newIssueNotice, regressionNotice } from "./notices.ts";
import { createOccurrenceStore } from "./occurrence-store.ts";
import { isRegression, type ReleaseStarts } from "./regression.ts";
import { byFingerprint, toFingerprintRow, toHourRows, toValueRows, withinLimit } from "./tally.ts";

/** Occurrences that are stored for each fingerprint. */
const MOST_OCCURRENCES = 500;
const MOST_VALUES = 2_000;

export type Batch = {
  readonly failures: readonly Failure[];
  /** The issues that new fingerprints belong to. */
  readonly issueOf: ReadonlyMap<string, string>;
  readonly vectorOf: ReadonlyMap<string, readonly number[]>;
  readonly starts: ReleaseStarts;
  readonly settings: IssueSettings;
};

/** Stores the failures of a batch in the caller's transaction: counts, new issues, regressions and their notices. */
export function createRecording({ announce, clock }: Pick<IssuesDeps, "announce" | "clock">) {
  return async function record(tx: Postgres, scope: Scope, batch: Batch): Promise<number> {
    const { projectId } = scope;
    const fresh = await storeOccurrences(tx, projectId, batch.failures);
    if (fresh.length === 0) return 0;
    const groups = byFingerprint(fresh);
    const rows = await placeFingerprints(tx, projectId, { ...batch, groups });
    await createIssues(tx, projectId, { groups, rows });
    await createFingerprintStore(tx).add(rows);
    await storeCounts(tx, projectId, { fresh, fingerprints: [...groups.keys()] });
    const issueIds = [...new Set(rows.map(({ issueId }) => issueId))];
    await createIssueStore(tx).recount(projectId, issueIds);
    await react(tx, scope, { ...batch, rows, groups });
    return fresh.length;
  };

  type Reaction = Batch & Grouped;
  /** Reopens resolved issues, and announces what is new and frequent. */
  async function react(tx: Postgres, scope: Scope, { rows, groups, starts, settings }: Reaction): Promise<void> {
    const causes = new Map(rows.map((row) => [row.issueId, row]));
    const failures = Map.groupBy(
      rows.flatMap((row) => (groups.get(row.fingerprint) ?? []).map((failure) => ({ issueId: row.issueId, failure }))),
      ({ issueId }) => issueId,
    );
    for (const issue of await createIssueStore(tx).findMany(scope.projectId, [...causes.keys()])) {
      const about = { issue, cause: causes.get(issue.id) as Cause, settings, at: new Date(clock.now()) };
      const again = (failures.get(issue.id) ?? []).find(({ failure }) => isAgain(issue, failure, starts));
      if (again) await reopen(tx, scope, { ...about, release: again.failure.release });
      else if (issue.state === "new" && !issue.isAnnounced) await announceNew(tx, scope, about);
    }
  }

  async function reopen(tx: Postgres, scope: Scope, { release, ...about }: About & { release: string }): Promise<void> {
    const { issue, settings, at } = about;
    const regressions = issue.regressions + 1;
    const changes = { state: "regressed" as const, regressions, resolution: null, resolvedAt: null };
    const next = await createIssueStore(tx).update(scope.projectId, issue.id, changes);
    await createActivityStore(tx).add([
      {
        id: newId("iact", at.getTime()),
        projectId: scope.projectId,
        issueId: issue.id,
        action: "regressed",
        actor: "system",
        at,
        from: "resolved",
        to: release,
        fingerprints: [],
        otherIssueId: null,
        isUndone: false,
      },
    ]);
    if (next && settings.announcesRegressions)
      await announce(tx, scope, regressionNotice({ ...about, issue: next }, release));
  }

  async function announceNew(tx: Postgres, scope: Scope, about: About): Promise<void> {
    const { issue, settings, at } = about;
    if (settings.announceAtPerHour === null) return;
    const range = { from: new Date(at.getTime() - HOUR_MS), to: new Date(at.getTime() + HOUR_MS) };
    const hours = await createCountStore(tx).listHours(scope.projectId, [issue.id], range);
    const most = Math.max(0, ...hours.map(({ occurrences }) => occurrences));
    if (most < settings.announceAtPerHour) return;
    await createIssueStore(tx).update(scope.projectId, issue.id, { isAnnounced: true });
    await announce(tx, scope, newIssueNotice(about, most));
  }
}

type About = Parameters<typeof regressionNotice>[0];
type Grouped = { readonly groups: ReadonlyMap<string, readonly Failure[]>; readonly rows: readonly FingerprintRow[] };

const isAgain = ({ state, resolution, resolvedAt }: IssueRow, failure: Failure, starts: ReleaseStarts) =>
  state === "resolved" &&
  resolution !== null &&
  resolvedAt !== null &&
  isRegression(failure, { resolution, resolvedAt }, starts);

/** Failures that were not counted before. */
async function storeOccurrences(tx: Postgres, projectId: string, failures: readonly Failure[]): Promise<Failure[]> {
  const store = createOccurrenceStore(tx);
  const unique = [...new Map(failures.map((one) => [`${one.fingerprint} ${one.key}`, one])).values()];
  const added = await store.add(
    unique.map(({ fingerprint, key, traceId, spanId, at, release }) => ({
      projectId,
      fingerprint,
      occurrenceKey: key,
      traceId,
      spanId,
      at,
      release,
    })),
  );
  const fresh = unique.filter(({ fingerprint, key }) => added.has(`${fingerprint} ${key}`));
  await store.prune(projectId, [...new Set(fresh.map(({ fingerprint }) => fingerprint))], MOST_OCCURRENCES);
  return fresh;
}

type Placing = Pick<Batch, "issueOf" | "vectorOf"> & Pick<Grouped, "groups">;

/** The rows of a batch. A person may have moved a fingerprint since it was read, so its issue is read again. */
async function placeFingerprints(tx: Postgres, projectId: string, { issueOf, vectorOf, groups }: Placing) {
  const existing = await createFingerprintStore(tx).findMany(projectId, [...groups.keys()]);
  const placed = new Map(existing.map((row) => [row.fingerprint, row.issueId]));
  const targets = await createIssueStore(tx).findMany(projectId, [...new Set(issueOf.values())]);
  const merged = new Map(targets.flatMap(({ id, mergedInto }) => (mergedInto ? [[id, mergedInto] as const] : [])));
  return [...groups].map(([fingerprint, failures]) => {
    const target = issueOf.get(fingerprint) ?? newId("issue");
    const issueId = placed.get(fingerprint) ?? merged.get(target) ?? target;
    return toFingerprintRow(failures, { projectId, issueId, vector: vectorOf.get(fingerprint) ?? null });
  });
}

async function createIssues(tx: Postgres, projectId: string, { groups, rows }: Grouped): Promise<void> {
  const store = createIssueStore(tx);
  const ids = [...new Set(rows.map(({ issueId }) => issueId))];
  const known = new Set((await store.findMany(projectId, ids)).map(({ id }) => id));
  const added = Map.groupBy(
    rows.filter(({ issueId }) => !known.has(issueId)),
    ({ issueId }) => issueId,
  );
  await store.create(
    [...added].flatMap(([id, [row]]) => {
      const [failure] = row ? (groups.get(row.fingerprint) ?? []) : [];
      return row && failure ? [newIssue(projectId, id, row)] : [];
    }),
  );
}

export const newIssue = (projectId: string, id: string, row: FingerprintRow): IssueRow => ({
  id,
  projectId,
  title: titleOf(row),
  hasOwnTitle: false,
  kind: row.kind,
  state: "new",
  resolution: null,
  resolvedAt: null,
  regressions: 0,
  isAnnounced: false,
  assigneeId: null,
  links: [],
  mergedInto: null,
  occurrences: 0,
  users: 0,
  sessions: 0,
  fingerprintCount: 1,
  firstSeenAt: row.firstSeenAt,
  lastSeenAt: row.lastSeenAt,
});

type Counted = { readonly fresh: readonly Failure[]; readonly fingerprints: readonly string[] };

async function storeCounts(tx: Postgres, projectId: string, { fresh, fingerprints }: Counted): Promise<void> {
  const store = createCountStore(tx);
  await store.addHours(toHourRows(projectId, fresh));
  const counts = await store.countValues(projectId, fingerprints);
  await store.addValues(withinLimit(toValueRows(projectId, fresh), counts, MOST_VALUES));
}
