import {
  GATE_EXIT_CODES,
  type GateDecision,
  type GateOutcome,
  type GateRow,
  type GateRules,
  type RunScorer,
} from "@treadle/contract";
import type { Comparison } from "@treadle/metrics";

/** One score of the head, and how it compares with the base's; everything in the score's own unit. */
export type GateScore = {
  readonly scorer: Pick<RunScorer, "key" | "name" | "output">;
  readonly margin: number;
  readonly floor: number | null;
  /** Of the head; null when no answer has this score. */
  readonly mean: number | null;
  /** Of that mean, at the level of the rules; null where it cannot be told. */
  readonly meanInterval: readonly [low: number, high: number] | null;
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
  /** `none` was not asked for; `missing` was, and there is none. */
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
 * Whether a run may pass: the one place where it is decided. Pass takes proof that no score is worse by its margin (a one-sided
 * test of non-inferiority); a regression is worse beyond chance, after Holm's correction, and by more than the margin.
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
    ...(isLetThrough ? ["What could not be decided was let through, as the rules say."] : []),
  ];
  return {
    ...{ outcome, exitCode: GATE_EXIT_CODES[outcome], headline: headlineOf(outcome, rows), reasons, scorers: rows },
    ...{ errorShare, moreItems: open.length === 0 || found !== "inconclusive" ? null : Math.max(...open) },
  };
}

type Shared = GateFacts & { readonly errorShare: number };

function outcomeOf(rows: readonly GateRow[], { rules, answers, base, errorShare }: Shared): GateOutcome {
  if (errorShare > rules.maxErrorShare) return "provider-errors";
  const worst = ORDER.find((outcome) => rows.some((row) => row.outcome === outcome)) ?? "inconclusive";
  const isOpen = answers === 0 || base === "missing";
  return isOpen && worst === "pass" ? "inconclusive" : worst;
}

function generalReasons({ rules, answers, errors, base, scores, errorShare }: Shared): string[] {
  const isTooBroken = errorShare > rules.maxErrorShare;
  return [
    answers === 0 ? "The run has no answers." : "",
    isTooBroken
      ? `${errors} of ${answers} answers are errors of the provider (${percent(errorShare)}), and ${percent(rules.maxErrorShare)} are allowed, so the scores say nothing.`
      : "",
    base === "missing"
      ? "There is no run to compare with: none of this suite on that branch has passed over the same items with the same scorers."
      : "",
    scores.length === 0 ? "No score of the run says which way is better." : "",
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
      return names.length === 0 ? "Not decided." : `Not decided: ${list}.`;
    case "provider-errors":
      return names.length === 0
        ? "Too many provider errors to decide."
        : `Too many answers could not be scored: ${list}.`;
    default:
      return outcome satisfies never;
  }
}

type Judged = Pick<GateRow, "outcome" | "reason" | "moreItems">;

function judgeScore(score: GateScore, facts: GateFacts): GateRow {
  const { scorer, margin, floor, mean, meanInterval, items, against } = score;
  const { comparison = null, adjustedPValue = null } = against ?? {};
  const level = 1 - facts.rules.alpha;
  const judged = judgeFailures(score, facts.rules) ?? judgeNumbers(score, facts);
  return {
    ...{ scorer: scorer.key, name: scorer.name, ...judged, margin, floor },
    verdict: comparison?.verdict ?? null,
    items: comparison?.n ?? items,
    meanBase: comparison?.meanBase ?? null,
    meanHead: comparison?.meanHead ?? mean,
    headInterval: meanInterval && { low: meanInterval[0], high: meanInterval[1], level },
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
  const reason = `the scorer failed on ${failed} answers (${percent(share)}), and ${percent(maxErrorShare)} are allowed, so the rest say nothing`;
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

/** By `mean` the mean itself is held against the floor: a threshold means what it says. By `interval` chance is ruled out first. */
function judgeFloor(
  { floor, mean, meanInterval, items, scorer: { output } }: GateScore,
  { floorBy }: GateFacts["rules"],
): Judged {
  if (floor === null) return pass("there is no floor");
  if (mean === null) return undecided("no answer has this score, so the floor cannot be checked");
  const isBelow = output.direction === "lower" ? mean > floor : mean < floor;
  if (floorBy === "interval") {
    if (meanInterval === null) return undecided("there are too few items to hold the score against its floor");
    const [low, high] = meanInterval;
    if (low < floor && floor < high)
      return undecided(
        `${shown(mean)}, from ${shown(low)} to ${shown(high)} by chance alone, and the floor of ${shown(floor)} lies within`,
        moreForFloor(items, { gap: Math.abs(mean - floor), half: isBelow ? high - mean : mean - low }),
      );
  }
  return isBelow
    ? { outcome: "below-floor", reason: `${shown(mean)} does not reach the floor of ${shown(floor)}`, moreItems: null }
    : pass(`${shown(mean)} reaches the floor of ${shown(floor)}`);
}

/** An interval narrows with the root of the items; null where the mean stands on the floor itself. */
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
    return undecided(`only ${n} items can be compared, and ${rules.minItems} are asked for`, rules.minItems - n);
  if (isUnchanged) return pass("no item changed");
  if (difference === null || interval === null || equivalenceInterval === null)
    return undecided("the difference cannot be measured", comparison.moreItems);
  const sign = scorer.output.direction === "lower" ? -1 : 1;
  const lowest = sign === 1 ? equivalenceInterval[0] : -equivalenceInterval[1];
  const highest = sign === 1 ? interval[1] : -interval[0];
  const told = `${difference * sign >= 0 ? "better" : "worse"} by ${shown(Math.abs(difference))}`;
  if (lowest > -margin) return pass(`${told}; worse by ${shown(margin)} or more is ruled out`);
  const isBeyondChance = highest < 0 && adjustedPValue !== null && adjustedPValue < rules.alpha;
  if (isBeyondChance && difference * sign <= -margin)
    return {
      outcome: "regression",
      reason: `${told} (p ${shown(adjustedPValue)}, ${n} items), and ${shown(margin)} is allowed`,
      moreItems: null,
    };
  return undecided(
    `${told}, and these ${n} items cannot tell whether that is more than ${shown(margin)}`,
    comparison.moreItems,
  );
}
