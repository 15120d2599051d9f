import type { IssueKind } from "@treadle/contract";
import { type Cause, groupKeyOf } from "./failure.ts";

/** An issue's fingerprint that a new one can mean the same as. */
export type Candidate = {
  readonly fingerprint: string;
  readonly issueId: string;
  readonly groupKey: string;
  readonly statusCode: string;
  readonly vector: readonly number[] | null;
};
export type NewFingerprint = Cause & { readonly fingerprint: string; readonly vector: readonly number[] | null };

/** The least cosine between a message and the mean of an issue. People word feedback more freely than programs word errors. */
const NEAR: Readonly<Record<IssueKind, number>> = {
  error: 0.68,
  tool: 0.68,
  refusal: 0.68,
  truncation: 0.68,
  schema: 0.75,
  score: 0.68,
  guard: 0.68,
  feedback: 0.6,
};

type Group = { readonly issueId: string; readonly groupKey: string; readonly statusCodes: Set<string>; sum: number[] };

/**
 * The issue of each new fingerprint: the nearest existing issue whose messages mean the same, or a new one. `newIssueId` gives the
 * ids. The order of the input decides, so that the same input gives the same issues.
 */
export function joinFingerprints(
  added: readonly NewFingerprint[],
  existing: readonly Candidate[],
  newIssueId: () => string,
): ReadonlyMap<string, string> {
  const groups = new Map<string, Group>();
  for (const one of existing) addTo(groups, one);
  const issueOf = new Map<string, string>();
  for (const one of added) {
    const groupKey = groupKeyOf(one);
    const near = nearest(one, groupKey, [...groups.values()]);
    const issueId = near?.issueId ?? newIssueId();
    issueOf.set(one.fingerprint, issueId);
    addTo(groups, { ...one, issueId, groupKey });
  }
  return issueOf;
}

function addTo(groups: Map<string, Group>, { issueId, groupKey, statusCode, vector }: Candidate): void {
  const group = groups.get(issueId) ?? { issueId, groupKey, statusCodes: new Set<string>(), sum: [] };
  groups.set(issueId, group);
  if (statusCode !== "") group.statusCodes.add(statusCode);
  if (vector) group.sum = vector.map((value, place) => value + (group.sum[place] ?? 0));
}

function nearest({ kind, vector, statusCode }: NewFingerprint, groupKey: string, groups: readonly Group[]) {
  if (vector === null) return undefined;
  let best: { readonly issueId: string; readonly cosine: number } | undefined;
  for (const { issueId, statusCodes, sum, ...group } of groups) {
    const isSameStatus = statusCode === "" || statusCodes.size === 0 || statusCodes.has(statusCode);
    if (group.groupKey !== groupKey || !isSameStatus || sum.length === 0) continue;
    const cosine = cosineOf(vector, sum);
    if (cosine >= NEAR[kind] && cosine > (best?.cosine ?? -1)) best = { issueId, cosine };
  }
  return best;
}

function cosineOf(one: readonly number[], other: readonly number[]): number {
  let [dot, left, right] = [0, 0, 0];
  for (let place = 0; place < one.length; place++) {
    const [a, b] = [one[place] ?? 0, other[place] ?? 0];
    dot += a * b;
    left += a * a;
    right += b * b;
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right);
}
