import type { DriftExplanation, DriftSignal } from "@treadle/contract";
import { percent } from "./explain-change.ts";

const MOST_SENTENCES = 6;

type Change = {
  readonly signals: readonly DriftSignal[];
  readonly explanations: readonly DriftExplanation[];
};

/** What changed, in sentences: the signals that changed, what explains them, and whether the change is recent. */
export function describeChange({ signals, explanations }: Change): string[] {
  const changed = signals.filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return ["No signal is both large and significant."];
  const rest = changed.length - MOST_SENTENCES;
  return [
    ...changed.slice(0, MOST_SENTENCES).map(describeSignal),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? "signal" : "signals"} changed.`] : []),
    explanations[0]?.sentence ??
      "No release, prompt, model, tenant, user or language explains the change alone: it is spread over the traffic.",
    ...describeStep(changed),
  ];
}

function describeSignal({ signal, label, effect, reference, current, value, lower, upper }: DriftSignal): string {
  if (effect === "share")
    return `${label}: ${percent(current ?? 0)} of the texts, ${percent(reference ?? 0)} in the reference (${points(value)}; 95 % interval ${bare(lower)} to ${points(upper ?? 0)}).`;
  const area = `AUC ${value.toFixed(2)}; 95 % interval ${(lower ?? 0).toFixed(2)} to ${(upper ?? 0).toFixed(2)}`;
  if (signal === "domain") return `A classifier distinguishes the texts from the reference (${area}).`;
  return `${label}: the median is ${plain(current)}, and ${plain(reference)} in the reference (${area}).`;
}

/** Whether the strongest change is also there against the week before the day. */
function describeStep(changed: readonly DriftSignal[]): string[] {
  const [strongest] = changed;
  if (!strongest || strongest.step === null) return [];
  const size = sizeOf(strongest, strongest.value);
  const isRecent = Math.abs(sizeOf(strongest, strongest.step)) >= Math.abs(size) / 2;
  return [
    isRecent
      ? "The last 7 days have less than half of this change: it is recent."
      : "The last 7 days already have most of this change.",
  ];
}

const sizeOf = ({ effect }: DriftSignal, value: number) => (effect === "auc" ? value - 0.5 : value);
const bare = (value: number | null) => `${(value ?? 0) >= 0 ? "+" : "−"}${Math.abs((value ?? 0) * 100).toFixed(1)}`;
const points = (value: number) => `${bare(value)} points`;
const plain = (value: number | null) => (value === null ? "unknown" : `${Math.round(value * 1_000) / 1_000}`);
