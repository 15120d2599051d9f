import type { MonitorCondition } from "@treadle/contract";
import { nextEvidence, rateFactor } from "@treadle/metrics";
import type { SeriesBaseline } from "./baseline.ts";
import { countRatioFactor, DOWN_RATIOS, rankFactor, UP_RATIOS } from "./factors.ts";
import { measuredOf, type Reading } from "./reading.ts";
import type { Verdict } from "./verdict.ts";

export type Change = Extract<MonitorCondition, { kind: "change" }>;

type Window = {
  readonly reading: Reading;
  readonly end: number;
  /** Null while there is too little past. */
  readonly baseline: SeriesBaseline | null;
  /** The evidence before this window. */
  readonly detector: number;
  /** The evidence at which the condition holds: the mean number of windows between false alarms. */
  readonly limit: number;
};

const DAY_SECONDS = 86_400;

/** The number of windows between two false alarms on average, which is 1/alpha. */
export const evidenceLimit = ({ daysBetweenFalseAlarms }: Change, stepSeconds: number): number =>
  Math.max(1, (daysBetweenFalseAlarms * DAY_SECONDS) / stepSeconds);

/**
 * A change against the past. Each window has a factor, and the e-detector (Shin, Ramdas and Rinaldo 2023) combines them. Evidence is
 * not collected beyond the limit: otherwise a long incident would take as long to end.
 */
export function judgeChange({ direction, severity }: Change, window: Window): Verdict {
  const { reading, baseline, end, detector, limit } = window;
  const factor = baseline === null ? 1 : factorOf(direction, baseline, window);
  const evidence = baseline === null ? 0 : Math.min(limit, nextEvidence(detector, factor));
  const holds = evidence >= limit;
  return {
    severity: holds ? severity : null,
    isGood: !holds && factor < 1,
    point: {
      ...measuredOf(reading),
      expected: baseline === null ? null : expectedOf(baseline, end),
      evidence: baseline === null ? null : evidence / limit,
    },
    detector: evidence,
  };
}

function expectedOf(baseline: SeriesBaseline, end: number): number {
  if (baseline.kind === "rate") return baseline.expectedAt(end).rate;
  return baseline.kind === "count" ? baseline.expectedAt(end).mean : baseline.expectedAt(end);
}

function factorOf(direction: Change["direction"], baseline: SeriesBaseline, window: Window): number {
  if (direction !== "both") return sideFactor(direction, baseline, window);
  return (sideFactor("up", baseline, window) + sideFactor("down", baseline, window)) / 2;
}

function sideFactor(side: "up" | "down", baseline: SeriesBaseline, { reading, end }: Window): number {
  const isUp = side === "up";
  if (baseline.kind === "rate") {
    const { low, high } = baseline.expectedAt(end);
    const expected = isUp ? high : low;
    if (reading.kind !== "rate" || !(expected > 0 && expected < 1)) return 1;
    return rateFactor({ successes: reading.bad, n: reading.n }, expected, isUp ? UP_RATIOS : DOWN_RATIOS);
  }
  if (baseline.kind === "count") {
    const { low, high } = baseline.expectedAt(end);
    if (reading.kind !== "total") return 1;
    return countRatioFactor(reading.value, isUp ? high : low, isUp ? UP_RATIOS : DOWN_RATIOS);
  }
  const score = baseline.scoreOf(reading, end);
  if (score === null) return 1;
  return isUp ? rankFactor(score, baseline.past) : rankFactor(-score, baseline.mirrored);
}
