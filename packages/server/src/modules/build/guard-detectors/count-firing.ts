import type { GuardDetector } from "@treadle/contract";
import { shareOf } from "../guard-previews/index.ts";
import type { CheckedCalls, FiredCalls } from "./firing-store.ts";

type Counted = { readonly checked: readonly CheckedCalls[]; readonly fired: readonly FiredCalls[] };
/** The detectors that a version of a policy has; undefined for a policy that was deleted. */
type DetectorsOf = (policyId: string, version: number) => ReadonlySet<string> | undefined;
export type Firing = Pick<GuardDetector, "fired" | "byEndpoint" | "byDay">;

/** Calls with a finding of a detector, of the calls whose policy had the detector. */
export function countFiring(detector: string, { checked, fired }: Counted, detectorsOf: DetectorsOf): Firing {
  const isUsed = ({ policyId, version }: CheckedCalls) => detectorsOf(policyId, version)?.has(detector) === true;
  const all = checked.filter(isUsed);
  const found = fired.filter((calls) => calls.detector === detector && isUsed(calls));
  const byEndpoint = sharesBy(({ endpoint }) => endpoint, all, found);
  const byDay = sharesBy(({ day }) => day, all, found);
  return {
    fired: shareOf(sumOf(found), sumOf(all)),
    byEndpoint: byEndpoint
      .map(([endpoint, calls]) => ({ endpoint, calls }))
      .toSorted((left, right) => right.calls.of - left.calls.of),
    byDay: byDay.map(([day, calls]) => ({ day, calls })).toSorted((left, right) => (left.day < right.day ? -1 : 1)),
  };
}

const sumOf = (rows: readonly CheckedCalls[]) => rows.reduce((total, { calls }) => total + calls, 0);

/** The share of calls with a finding in each group of checked calls. */
function sharesBy(keyOf: (row: CheckedCalls) => string, all: readonly CheckedCalls[], found: readonly CheckedCalls[]) {
  const groups = Map.groupBy(found, keyOf);
  return [...Map.groupBy(all, keyOf)].map(
    ([key, rows]) => [key, shareOf(sumOf(groups.get(key) ?? []), sumOf(rows))] as const,
  );
}
