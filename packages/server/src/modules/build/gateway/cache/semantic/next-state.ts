import { wilsonInterval } from "@treadle/metrics";
import type { StateRow } from "./state-store.ts";

/** The matches that the model answers anyway before the cache may serve. */
export const CHECKS_NEEDED = 20;
/** The share of hits that are checked after that. */
export const CHECK_SHARE = 0.05;

type Counts = Pick<StateRow, "checks" | "falseHits">;
type Decision = Pick<StateRow, "state" | "reason">;

/** The share of false hits with Wilson's 95 % interval; null without checks. */
export function falseHitRate({ checks, falseHits }: Counts) {
  const interval = wilsonInterval({ successes: falseHits, n: checks });
  return interval && { value: falseHits / checks, low: interval[0], high: interval[1] };
}

/**
 * The state after a check. The cache stops when the rate is certainly above the limit. It starts to serve when enough
 * checks have a rate within the limit.
 */
export function nextState({ state, reason, ...counts }: Counts & Decision, limit: number): Decision {
  const rate = falseHitRate(counts);
  if (state === "stopped" || rate === null || counts.checks < CHECKS_NEEDED) return { state, reason };
  if (rate.low > limit) return { state: "stopped", reason: reasonOf(counts, { ...rate, limit }) };
  return { state: rate.value <= limit ? "serving" : state, reason: null };
}

type Rate = { readonly value: number; readonly low: number; readonly high: number; readonly limit: number };
const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;
const reasonOf = ({ checks, falseHits }: Counts, { value, low, high, limit }: Rate) =>
  `${falseHits} of ${checks} checked hits had another answer: ${percent(value)}, 95 % interval ${percent(low)} to ${percent(high)}. The limit is ${percent(limit)}.`;
