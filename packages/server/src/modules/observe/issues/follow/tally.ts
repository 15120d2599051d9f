import { type Cause, type Failure, groupKeyOf } from "../failures/failure.ts";
import { hourOf, type ValueRow } from "../stores/count-store.ts";
import type { FingerprintRow } from "../stores/fingerprint-store.ts";

/** The failures of a batch by fingerprint, in the order of their first occurrence. */
export const byFingerprint = (failures: readonly Failure[]): ReadonlyMap<string, readonly Failure[]> =>
  Map.groupBy(failures, ({ fingerprint }) => fingerprint);

const dates = (failures: readonly Failure[]) => {
  const times = failures.map(({ at }) => at.getTime());
  return { firstSeenAt: new Date(Math.min(...times)), lastSeenAt: new Date(Math.max(...times)) };
};

type Placed = { readonly projectId: string; readonly issueId: string; readonly vector: readonly number[] | null };

/** A fingerprint's row, with the counts of some failures. There is at least one. */
export function toFingerprintRow(failures: readonly Failure[], { projectId, issueId, vector }: Placed): FingerprintRow {
  const [first] = failures;
  if (!first) throw new RangeError("a fingerprint needs a failure");
  const cause: Cause = first;
  return {
    projectId,
    fingerprint: first.fingerprint,
    issueId,
    groupKey: groupKeyOf(cause),
    kind: cause.kind,
    errorType: cause.errorType,
    statusCode: cause.statusCode,
    toolName: cause.toolName,
    finishReason: cause.finishReason,
    rule: cause.rule,
    message: cause.message,
    vector: vector === null ? null : [...vector],
    occurrences: failures.length,
    ...dates(failures),
  };
}

export const toHourRows = (projectId: string, failures: readonly Failure[]) =>
  [...Map.groupBy(failures, ({ fingerprint, at }) => `${fingerprint} ${hourOf(at).getTime()}`).values()].flatMap(
    (group) =>
      group[0]
        ? [{ projectId, fingerprint: group[0].fingerprint, hour: hourOf(group[0].at), occurrences: group.length }]
        : [],
  );

const VALUES: readonly (readonly [ValueRow["kind"], (failure: Failure) => string])[] = [
  ["user", ({ userId }) => userId],
  ["session", ({ sessionId }) => sessionId],
  ["release", ({ release }) => release],
  ["promptVersion", ({ promptName, promptVersion }) => (promptName === "" ? "" : `${promptName}@${promptVersion}`)],
  ["model", ({ model }) => model],
  ["endpoint", ({ endpoint }) => endpoint],
];
const MOST_VALUE = 500;

/** Values of the failures with their counts. Empty ones are left out. */
export function toValueRows(projectId: string, failures: readonly Failure[]): ValueRow[] {
  const named = VALUES.flatMap(([kind, read]) =>
    failures.flatMap((failure) => {
      const value = read(failure).slice(0, MOST_VALUE);
      return value === "" ? [] : [{ kind, value, failure }];
    }),
  );
  const groups = Map.groupBy(named, ({ kind, value, failure }) => JSON.stringify([failure.fingerprint, kind, value]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { kind, value, failure } = first;
    const occurrences = group.length;
    return [
      {
        projectId,
        fingerprint: failure.fingerprint,
        kind,
        value,
        occurrences,
        ...dates(group.map((one) => one.failure)),
      },
    ];
  });
}

/** Values that still fit: those of new kinds and values, up to `most` for each fingerprint and kind. */
export function withinLimit(rows: readonly ValueRow[], counts: ReadonlyMap<string, number>, most: number): ValueRow[] {
  const added = new Map<string, number>();
  return rows.filter(({ fingerprint, kind }) => {
    const key = `${fingerprint} ${kind}`;
    const total = (counts.get(key) ?? 0) + (added.get(key) ?? 0);
    if (total >= most) return false;
    added.set(key, (added.get(key) ?? 0) + 1);
    return true;
  });
}
