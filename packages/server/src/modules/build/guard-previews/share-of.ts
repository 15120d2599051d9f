import type { GuardShare } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";

/** A count with its share, and the 95 % Wilson interval if it is of a sample. */
export function shareOf(count: number, of: number, isSample = true): GuardShare {
  const interval = isSample ? wilsonInterval({ successes: count, n: of }) : null;
  return { count, of, share: of === 0 ? null : count / of, low: interval?.[0] ?? null, high: interval?.[1] ?? null };
}
