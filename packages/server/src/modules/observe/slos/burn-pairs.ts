import { BURN_WINDOWS, type BurnWindows } from "@treadle/contract";
import { badShareAt } from "@treadle/metrics";

const WORKBOOK_DAYS = 30;
/** The bad share that the fastest pair needs where the workbook's pair would need more than all requests. */
const MOST_BAD_SHARE = 0.5;

type Goal = { readonly objective: number; readonly windowDays: number };

/**
 * The pairs of windows of an SLO's monitor. The workbook's pairs use up a fixed share of the budget, so another window has other
 * burn rates. Where the fastest pair would need more bad requests than there are, all pairs are scaled so that it needs half of
 * them. A burn rate below 1 would fire within the budget.
 */
export function burnPairsOf({ objective, windowDays }: Goal): BurnWindows[] {
  const scale = (windowDays / WORKBOOK_DAYS) * scaleOf({ objective, windowDays });
  return BURN_WINDOWS.map((pair) => ({ ...pair, burnRate: Math.max(1, round(pair.burnRate * scale)) }));
}

/** 1 if the fastest pair can fire. */
function scaleOf({ objective, windowDays }: Goal): number {
  const fastest = fastestOf(windowDays);
  const needed = badShareAt(fastest, objective);
  return needed < 1 ? 1 : MOST_BAD_SHARE / needed;
}

const fastestOf = (windowDays: number) => ((BURN_WINDOWS[0]?.burnRate ?? 0) * windowDays) / WORKBOOK_DAYS;
const round = (value: number) => Math.round(value * 1e6) / 1e6;
const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`;

/** What a reader must know about the pairs. */
export function noticesOf(goal: Goal): string[] {
  if (scaleOf(goal) === 1) return [];
  const fastest = fastestOf(goal.windowDays);
  const scaled = burnPairsOf(goal)[0]?.burnRate ?? 1;
  return [
    `With an objective of ${percent(goal.objective)}, a burn rate of ${round(fastest)} needs ${percent(badShareAt(fastest, goal.objective))} bad requests, so it can never be exceeded. The burn rates are scaled: the fastest is ${Math.round(scaled * 100) / 100}, which needs ${percent(badShareAt(scaled, goal.objective))} bad requests in an hour.`,
  ];
}
