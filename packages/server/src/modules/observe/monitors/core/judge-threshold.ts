import type { MonitorCondition, Severity } from "@treadle/contract";
import { measuredOf, type Reading, shareInterval } from "./reading.ts";
import type { Verdict } from "./verdict.ts";

export type Threshold = Extract<MonitorCondition, { kind: "threshold" }>;

const RECOVERY = { above: 0.8, below: 1.25 } as const;

/** The value that a series must pass to recover: by default a fifth on the good side of the lowest threshold. */
export function recoveryOf({ direction, critical, warning, recovery }: Threshold): number {
  if (recovery !== null) return recovery;
  const first = warning ?? critical ?? 0;
  if (first >= 0) return first * RECOVERY[direction];
  return first * (direction === "above" ? 1.25 : 0.8);
}

/** All values that a percentile is counted at. */
export const countedAt = (condition: Threshold): number[] =>
  [condition.critical, condition.warning].filter((threshold) => threshold !== null);

/**
 * A value against thresholds. Of a rate, a percentile or a mean, the whole confidence interval must be beyond the threshold, so that
 * a few requests cannot fire by chance.
 */
export function judgeThreshold(condition: Threshold, reading: Reading): Verdict {
  const { direction, critical, warning } = condition;
  const measured = measuredOf(reading);
  const passes = (threshold: number | null) => threshold !== null && isBeyond(reading, { threshold, direction });
  const severity: Severity | null = passes(critical) ? "critical" : passes(warning) ? "warning" : null;
  const first = warning ?? critical ?? 0;
  return {
    severity,
    isGood: severity === null && isRecovered(condition, reading, { first, value: measured.value }),
    point: { ...measured, expected: null, evidence: null },
    detector: 0,
  };
}

type Limit = { readonly threshold: number; readonly direction: "above" | "below" };

/** Whether a reading is beyond a threshold for certain. */
export function isBeyond(reading: Reading, { threshold, direction }: Limit): boolean {
  if (reading.kind === "percentile") return isPercentileBeyond(reading, { threshold, direction });
  const { value, lower, upper } = measuredOf(reading);
  const isExact = reading.kind === "total" || reading.kind === "plain";
  if (direction === "above") return ((isExact ? value : lower) ?? Number.NEGATIVE_INFINITY) > threshold;
  return ((isExact ? value : upper) ?? Number.POSITIVE_INFINITY) < threshold;
}

/** The 95th percentile is above a threshold if more than 5 % of all values are. */
function isPercentileBeyond(
  { level, above, n }: Extract<Reading, { kind: "percentile" }>,
  { threshold, direction }: Limit,
): boolean {
  const interval = shareInterval(above.get(threshold) ?? 0, n);
  if (interval === null) return false;
  return direction === "above" ? interval[0] > 1 - level : interval[1] < 1 - level;
}

const OPPOSITE = { above: "below", below: "above" } as const;

type Value = { readonly first: number; readonly value: number | null };

function isRecovered(condition: Threshold, reading: Reading, { first, value }: Value): boolean {
  const recovery = recoveryOf(condition);
  if (value === null) return false;
  const isPast = condition.direction === "above" ? value < recovery : value > recovery;
  if (isPast) return true;
  // With an explicit threshold of recovery, only its passing counts.
  const hasInterval = reading.kind !== "total" && reading.kind !== "plain";
  return (
    condition.recovery === null &&
    hasInterval &&
    isBeyond(reading, { threshold: first, direction: OPPOSITE[condition.direction] })
  );
}
