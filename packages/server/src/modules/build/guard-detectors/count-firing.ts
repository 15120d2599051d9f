import type { GuardDetector } from "@treadle/contract";
import { shareOf } from "../guard-previews/index.ts";
import type { CheckedCalls, FiredCalls } from "./firing-store.ts";

type Counted = { readonly checked: readonly CheckedCalls[]; readonly fired: readonly FiredCalls[] };
/** The detectors that a version of a policy has; undefined for a policy that was deleted. */
type DetectorsOf = (policyId: string, version: number) => ReadonlySet<string> | undefined;
export type Firing = Pick<GuardDetector, "fired" | "byEndpoint">;

/** Calls with a finding of a detector, of the calls whose policy had the detector. */
export function countFiring(detector: string, { checked, fired }: Counted, detectorsOf: DetectorsOf): Firing {
  const isUsed = ({ policyId, version }: CheckedCalls) => detectorsOf(policyId, version)?.has(detector) === true;
  const all = sumByEndpoint(checked.filter(isUsed));
  const found = sumByEndpoint(fired.filter((calls) => calls.detector === detector && isUsed(calls)));
  const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((total, calls) => total + calls, 0);
  const byEndpoint = [...all]
    .map(([endpoint, calls]) => ({ endpoint, calls: shareOf(found.get(endpoint) ?? 0, calls) }))
    .toSorted((left, right) => right.calls.of - left.calls.of);
  return { fired: shareOf(sum(found), sum(all)), byEndpoint };
}

function sumByEndpoint(rows: readonly CheckedCalls[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { endpoint, calls } of rows) sums.set(endpoint, (sums.get(endpoint) ?? 0) + calls);
  return sums;
}
