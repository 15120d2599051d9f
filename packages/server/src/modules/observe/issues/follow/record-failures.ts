import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type Failure, titleOf } from "../failures/failure.ts";
import { createCountStore } from "../stores/count-store.ts";
import type { IssuesDeps } from "../stores/deps.ts";
import { createFingerprintStore, type FingerprintRow } from "../stores/fingerprint-store.ts";
import { createIssueStore, type IssueRow } from "../stores/issue-store.ts";
import { createOccurrenceStore } from "../stores/occurrence-store.ts";
import { type Batch, type Grouped, reactToFailures } from "./react-to-failures.ts";
import { byFingerprint, toFingerprintRow, toHourRows, toValueRows, withinLimit } from "./tally.ts";

/** Occurrences that are stored for each fingerprint. */
const MOST_OCCURRENCES = 500;
const MOST_VALUES = 2_000;

/** Stores the failures of a batch in the caller's transaction: counts, new issues, regressions and their notices. */
export function createRecording(deps: Pick<IssuesDeps, "announce" | "clock">) {
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
    await reactToFailures(deps, { tx, scope }, { ...batch, rows, groups });
    return fresh.length;
  };
}

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
