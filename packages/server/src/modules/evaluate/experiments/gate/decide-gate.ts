import {
  GATE_EXIT_CODES,
  type GateDecision,
  type GateOutcome,
  type GateRow,
  type GateRules,
  type RunScorer,
} from "@treadle/contract";
import type { Comparison, Interval } from "@treadle/metrics";
import { LEAST_WITHOUT_RANGE } from "./floor-bounds.ts";

/** One score of the head, and how it compares with the base's; everything in the score's own unit. */
export type GateScore = {
  readonly scorer: Pick<RunScorer, "key" | "name" | "output">;
  readonly margin: number;
  readonly floor: number | null;
  /** For the head. Null if no answer has this score. */
  readonly mean: number | null;
  /** Bounds of the true mean, each with an error rate of at most alpha. Null if there are none. */
  readonly bounds: Interval | null;
  readonly items: number;
  /** Answers that the scorer failed to score. */
  readonly failed: number;
  /** Null without a base, or when the base has no such score. */
  readonly against: {
    readonly comparison: Comparison;
    readonly adjustedPValue: number | null;
    readonly isSameScorer: boolean;
    /** No item has another score than in the base. */
    readonly isUnchanged: boolean;
  } | null;
};
export type GateFacts = {
  readonly rules: Pick<GateRules, "alpha" | "maxErrorShare" | "minItems" | "onInconclusive" | "floorBy">;
  readonly answers: number;
  readonly errors: number;
  /** Whether every item was answered or is an error. A run that failed before, as its provider stayed unavailable, decides nothing. */
  readonly isComplete: boolean;
  /** `none` was not requested; `missing` was requested and does not exist. */
  readonly base: "found" | "missing" | "none";
  readonly scores: readonly GateScore[];
};
export type GateVerdict = Pick<
  GateDecision,
  "outcome" | "exitCode" | "headline" | "reasons" | "scorers" | "errorShare" | "moreItems"
>;

/** The worst first. */
const ORDER: readonly GateOutcome[] = ["provider-errors", "regression", "below-floor", "inconclusive", "pass"];

/**
 * Decides whether a run passes. This is the only place for it. A pass requires proof that no score is worse by its
 * margin (a one-sided non-inferiority test). A regression is significantly worse after Holm's correction, and by more
 * than the margin.
 */
export function decideGate(facts: GateFacts): GateVerdict {
  const { rules, answers, errors, scores } = facts;
  const errorShare = answers === 0 ? 0 : errors / answers;
  const rows = scores.map((score) => judgeScore(score, facts));
  const undecided = rows.filter(({ outcome }) => outcome === "inconclusive");
  const open = undecided.flatMap(({ moreItems }) => moreItems ?? []);
  const found = outcomeOf(rows, { ...facts, errorShare });
  const isLetThrough = found === "inconclusive" && rules.onInconclusive === "pass" && answers > 0;
  const outcome = isLetThrough ? "pass" : found;
  const reasons = [
    ...generalReasons({ ...facts, errorShare }),
    ...rows.filter((row) => row.outcome !== "pass").map(({ name, reason }) => `${name}: ${reason}`),
    ...(isLetThrough ? ["Inconclusive results pass, as the rules allow."] : []),
  ];
  return {
    outcome,
    exitCode: GATE_EXIT_CODES[outcome],
    headline: headlineOf(outcome, rows),
    reasons,
    scorers: rows,
    errorShare,
    moreItems: open.length === 0 || found !== "inconclusive" ? null : Math.max(...open),
  };
}

type Shared = GateFacts & { readonly errorShare: number };

function outcomeOf(rows: readonly GateRow[], { rules, answers, base, isComplete, errorShare }: Shared): GateOutcome {
  if (!isComplete || errorShare > rules.maxErrorShare) return "provider-errors";
  const worst = ORDER.find((outcome) => rows.some((row) => row.outcome === outcome)) ?? "inconclusive";
  const isOpen = answers === 0 || base === "missing";
  return isOpen && worst === "pass" ? "inconclusive" : worst;
}

function generalReasons({ rules, answers, errors, base, scores, isComplete, errorShare }: Shared): string[] {
  const isTooBroken = errorShare > rules.maxErrorShare;
  return [
    isComplete ? "" : "The run failed before every item was answered. Resume its experiment, then run the gate again.",
    answers === 0 ? "The run has no answers." : "",
    isTooBroken
      ? `${errors} of ${answers} answers are provider errors (${percent(errorShare)}), but only ${percent(rules.maxErrorShare)} are allowed, so the scores are not reliable.`
      : "",
    base === "missing"
      ? "There is no base run: no earlier run of this suite on that branch has passed with the same items and scorers."
      : "",
    scores.length === 0 ? "No score of the run has a better or worse direction." : "",
  ].filter((reason) => reason !== "");
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;
const shown = (value: number) => String(Number(value.toPrecision(4)));

function headlineOf(outcome: GateOutcome, rows: readonly GateRow[]): string {
  const names = rows.filter((row) => row.outcome === outcome).map(({ name }) => name);
  const list = names.join(", ");
  switch (outcome) {
    case "pass":
      return "Passed.";
    case "regression":
      return `Worse than the base: ${list}.`;
    case "below-floor":
      return `Below the floor: ${list}.`;
    case "inconclusive":
      return names.length === 0 ? "Inconclusive." : `Inconclusive: ${list}.`;
    case "provider-errors":
      return names.length === 0
        ? "Too many provider errors for a decision."
        : `Too many answers could not be scored: ${list}.`;
    default:
      return outcome satisfies never;
  }
}

type Judged = Pick<GateRow, "outcome" | "reason" | "moreItems">;

function judgeScore(score: GateScore, facts: GateFacts): GateRow {
  const { scorer, margin, floor, mean, bounds, items, against } = score;
  const { comparison = null, adjustedPValue = null } = against ?? {};
  const level = 1 - facts.rules.alpha;
  const judged = judgeFailures(score, facts.rules) ?? judgeNumbers(score, facts);
  return {
    scorer: scorer.key,
    name: scorer.name,
    ...judged,
    margin,
    floor,
    verdict: comparison?.verdict ?? null,
    items: comparison?.n ?? items,
    meanBase: comparison?.meanBase ?? null,
    meanHead: comparison?.meanHead ?? mean,
    // Each bound is wrong in at most alpha of all cases, so both together in at most twice as many.
    headInterval: bounds && { low: bounds[0], high: bounds[1], level: 1 - 2 * facts.rules.alpha },
    difference: comparison?.difference ?? null,
    interval: comparison?.interval ? { low: comparison.interval[0], high: comparison.interval[1], level } : null,
    pValue: adjustedPValue,
    test: comparison && comparison.pValue !== null ? comparison.test : "",
    minimumDetectableEffect: comparison?.minimumDetectableEffect ?? null,
  };
}

/** A scorer that failed too often says nothing, as a provider that did; null when it did not. */
function judgeFailures({ failed, items }: GateScore, { maxErrorShare }: GateFacts["rules"]): Judged | null {
  const share = failed === 0 ? 0 : failed / (failed + items);
  if (share <= maxErrorShare) return null;
  const reason = `the scorer failed on ${failed} answers (${percent(share)}), but only ${percent(maxErrorShare)} are allowed, so the other scores are not reliable`;
  return { outcome: "provider-errors", reason, moreItems: null };
}

function judgeNumbers(score: GateScore, facts: GateFacts): Judged {
  const [low, difference] = [judgeFloor(score, facts.rules), judgeDifference(score, facts)];
  return low.outcome === "below-floor" ? worse(low, difference) : worse(difference, low);
}

const worse = (a: Judged, b: Judged): Judged => (ORDER.indexOf(a.outcome) <= ORDER.indexOf(b.outcome) ? a : b);
const pass = (reason: string): Judged => ({ outcome: "pass", reason, moreItems: null });
const undecided = (reason: string, moreItems: number | null = null): Judged => ({
  outcome: "inconclusive",
  reason,
  moreItems,
});

/** With `mean`, the mean itself is compared with the floor. With `interval`, chance is ruled out first. */
function judgeFloor(score: GateScore, { floorBy }: GateFacts["rules"]): Judged {
  const { floor, mean, scorer } = score;
  if (floor === null) return pass("there is no floor");
  if (mean === null) return undecided("no answer has this score, so the floor cannot be checked");
  if (floorBy === "interval") return judgeBounds(score, { floor, mean });
  const isBelow = scorer.output.direction === "lower" ? mean > floor : mean < floor;
  return isBelow ? belowFloor(mean, floor) : pass(`${shown(mean)} reaches the floor of ${shown(floor)}`);
}

const belowFloor = (mean: number, floor: number): Judged => ({
  outcome: "below-floor",
  reason: `${shown(mean)} does not reach the floor of ${shown(floor)}`,
  moreItems: null,
});

/** A floor passes only when the bound on its side reaches it, so that a true mean below it passes in at most alpha of all cases. */
function judgeBounds(
  { bounds, items, scorer: { output } }: GateScore,
  { floor, mean }: { floor: number; mean: number },
): Judged {
  if (bounds === null) return withoutBounds(items);
  const [low, high] = bounds;
  const isLower = output.direction === "lower";
  if (isLower ? high <= floor : low >= floor)
    return pass(`${shown(mean)} reaches the floor of ${shown(floor)}; the interval is ${shown(low)} to ${shown(high)}`);
  if (isLower ? low > floor : high < floor) return belowFloor(mean, floor);
  const half = mean < floor ? high - mean : mean - low;
  return undecided(
    `${shown(mean)}, with an interval of ${shown(low)} to ${shown(high)} that includes the floor of ${shown(floor)}`,
    moreForFloor(items, { gap: Math.abs(mean - floor), half }),
  );
}

function withoutBounds(items: number): Judged {
  const lacking = LEAST_WITHOUT_RANGE - items;
  if (lacking <= 0)
    return undecided(
      "all items have the same value and the score has no defined range, so the floor cannot be checked",
    );
  return undecided(
    `the score has no defined range, so its floor needs ${LEAST_WITHOUT_RANGE} items or more, and there are ${items}`,
    lacking,
  );
}

/** An interval narrows with the square root of the number of items; null where the mean equals the floor. */
const moreForFloor = (items: number, { gap, half }: { gap: number; half: number }): number | null =>
  gap === 0 ? null : Math.max(1, Math.ceil(items * ((half / gap) ** 2 - 1)));

function judgeDifference({ against, margin, scorer }: GateScore, { base, rules }: GateFacts): Judged {
  if (base === "none") return pass("there is nothing to compare with");
  if (against === null)
    return undecided(base === "missing" ? "there is no base run" : "the base run has no such score");
  const { comparison, adjustedPValue, isSameScorer, isUnchanged } = against;
  if (!isSameScorer) return undecided("the base was scored by another version of the scorer");
  const { n, difference, interval, equivalenceInterval } = comparison;
  if (n < rules.minItems)
    return undecided(`only ${n} items can be compared, but ${rules.minItems} are required`, rules.minItems - n);
  if (isUnchanged) return pass("no item changed");
  if (difference === null || interval === null || equivalenceInterval === null)
    return undecided("the difference cannot be measured", comparison.moreItems);
  const sign = scorer.output.direction === "lower" ? -1 : 1;
  const lowest = sign === 1 ? equivalenceInterval[0] : -equivalenceInterval[1];
  const highest = sign === 1 ? interval[1] : -interval[0];
  const changeText = `${difference * sign >= 0 ? "better" : "worse"} by ${shown(Math.abs(difference))}`;
  if (lowest > -margin) return pass(`${changeText}; a loss of ${shown(margin)} or more is ruled out`);
  const isBeyondChance = highest < 0 && adjustedPValue !== null && adjustedPValue < rules.alpha;
  if (isBeyondChance && difference * sign <= -margin)
    return {
      outcome: "regression",
      reason: `${changeText} (p ${shown(adjustedPValue)}, ${n} items); a loss of ${shown(margin)} is allowed`,
      moreItems: null,
    };
  return undecided(
    `${changeText}; these ${n} items cannot show whether the loss is more than ${shown(margin)}`,
    comparison.moreItems,
  );
}
