import type { Finding, Rollout, RolloutEvent } from "./use-rollouts.ts";

export const ACTION_WORDS: Readonly<Record<Finding["action"], string>> = {
  rollback: "Roll back",
  hold: "Hold",
  warn: "Warn",
};

export const EVENT_WORDS: Readonly<Record<RolloutEvent["kind"], string>> = {
  created: "Draft created",
  changed: "Draft changed",
  started: "Started",
  "next-stage": "Next stage",
  holding: "Holding",
  paused: "Paused",
  resumed: "Resumed",
  promoted: "Promoted",
  "rolled-back": "Rolled back",
  expired: "Expired",
  warned: "Warning",
};

/** An e-value from its base-10 logarithm: `0.42`, `18`, `3,400`, `10^15`. */
export function formatEvidence(log10: number): string {
  if (log10 > 6) return `10^${Math.round(log10)}`;
  const value = 10 ** log10;
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value < 0.01 ? "<0.01" : String(Number(value.toPrecision(2)));
}

/** `Adjusted by each user's earlier mean: variance −38%`. */
export function adjustmentWords(
  { varianceReduction }: NonNullable<Finding["adjustment"]>,
  unit: Rollout["unit"],
): string {
  const change = Math.round(-varianceReduction * 100);
  return `Adjusted by each ${unit}'s earlier mean: variance ${change > 0 ? "+" : "−"}${Math.abs(change)}%`;
}

/** What a guardrail shows, in a word. */
export const STATUS_WORDS: Readonly<Record<Finding["status"], { readonly word: string; readonly look: string }>> = {
  collecting: { word: "Collecting", look: "text-muted" },
  harm: { word: "Harm", look: "text-bad" },
  safe: { word: "Safe", look: "text-good" },
  unclear: { word: "Unclear", look: "text-warn" },
};
