import type { BurnWindows } from "@treadle/contract";
import { badShareAt, binomialCdf, fewestBad, normalCdf } from "@treadle/metrics";
import type { Plan } from "./evaluate-series.ts";
import type { Burn } from "./judge-burn.ts";
import type { Threshold } from "./judge-threshold.ts";
import type { Reading } from "./reading.ts";
import { stepSecondsOf } from "./windows.ts";

/** The past traffic of one series: everything of a period as one reading. */
export type Traffic = { readonly reading: Reading; readonly seconds: number };

const PERIOD_SECONDS = 30 * 86_400;
const Z = 1.959963984540054;

/**
 * How many alarms to expect in 30 days although nothing changes, over all series. Of a rate, a percentile or a mean: the probability
 * that its bound passes the threshold at the past value. Of a change: what its condition states. Null where nothing is known, such
 * as for totals, SQL and without traffic. Series whose past value is beyond the threshold already count for nothing: their alarms
 * are true.
 */
export function expectedFalseAlarms(plan: Plan, traffic: readonly Traffic[]): number | null {
  const { condition } = plan;
  if (condition.kind === "change")
    return traffic.length === 0 ? null : (30 / condition.daysBetweenFalseAlarms) * traffic.length;
  const alarms = traffic.map((one) =>
    condition.kind === "burn" ? alarmsOfBurn(plan, condition, one) : alarmsOfThreshold(plan, condition, one),
  );
  const known = alarms.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

function alarmsOfThreshold(plan: Plan, condition: Threshold, { reading, seconds }: Traffic): number | null {
  const threshold = condition.warning ?? condition.critical ?? 0;
  const isAbove = condition.direction === "above";
  const windows = seconds / plan.windowSeconds;
  const passes = passingOf({ reading, windows, threshold, isAbove });
  return passes === null ? null : alarmsOf(plan, passes, plan.windowSeconds);
}

type Passing = {
  readonly reading: Reading;
  readonly windows: number;
  readonly threshold: number;
  readonly isAbove: boolean;
};

/** The probability that one window passes. */
function passingOf({ reading, windows, threshold, isAbove }: Passing): number | null {
  if (reading.kind === "total" || reading.kind === "plain" || reading.n === 0) return null;
  const n = reading.n / windows;
  if (reading.kind === "mean") return passingOfMean(reading, { n, threshold, isAbove });
  const [share, limit] =
    reading.kind === "rate"
      ? [reading.bad / reading.n, threshold]
      : [(reading.above.get(threshold) ?? 0) / reading.n, 1 - reading.level];
  return isAbove ? passingOfShare(share, limit, n) : passingOfShare(1 - share, 1 - limit, n);
}

/** The probability that the lower bound of a share lies above the limit, by the binomial distribution. */
function passingOfShare(share: number, limit: number, perWindow: number): number {
  if (share >= limit) return 0;
  const n = Math.max(1, Math.round(perWindow));
  const fewest = limit < 0 ? 0 : limit >= 1 ? null : fewestBad(n, limit);
  return fewest === null ? 0 : Math.min(1, perWindow) * (1 - binomialCdf(fewest - 1, n, share));
}

function passingOfMean(
  { n: all, sum, sumOfSquares }: Extract<Reading, { kind: "mean" }>,
  { n, threshold, isAbove }: { readonly n: number; readonly threshold: number; readonly isAbove: boolean },
): number {
  const mean = sum / all;
  const deviation = Math.sqrt(Math.max(0, sumOfSquares / all - mean * mean));
  const distance = isAbove ? threshold - mean : mean - threshold;
  if (distance <= 0 || deviation === 0 || n < 2) return 0;
  return normalCdf(-((distance * Math.sqrt(n)) / deviation + Z));
}

/**
 * Alarms by the probability that one window passes. Evaluations whose windows overlap pass together: an alarm needs that the
 * evaluation before did not pass, which is the case for about one of √overlap.
 */
function alarmsOf({ holdFor: { needed, of }, ...plan }: Plan, passes: number, windowSeconds: number): number {
  const step = stepSecondsOf(plan);
  const overlap = Math.max(1, windowSeconds / step);
  const evaluations = PERIOD_SECONDS / step / Math.sqrt(overlap);
  const independent = 1 + (needed - 1) / overlap;
  const most = PERIOD_SECONDS / (step * needed + plan.recoverAfterSeconds);
  return Math.min(most, evaluations * choose(of - 1, needed - 1) * passes ** independent);
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let place = 0; place < k; place++) ways = (ways * (n - place)) / (place + 1);
  return ways;
}

/** Both windows of a pair must pass, so the rarer one bounds the alarms of the pair. */
function alarmsOfBurn(plan: Plan, { objective, windows }: Burn, { reading, seconds }: Traffic): number | null {
  if (reading.kind !== "rate" || reading.n === 0) return null;
  const share = reading.bad / reading.n;
  const alarms = ({ burnRate, longMinutes, shortMinutes }: BurnWindows) =>
    [longMinutes, shortMinutes].map((minutes) => {
      const perWindow = (reading.n / seconds) * minutes * 60;
      return alarmsOf(plan, passingOfShare(share, badShareAt(burnRate, objective), perWindow), minutes * 60);
    });
  return windows.reduce((sum, pair) => sum + Math.min(...alarms(pair)), 0);
}
