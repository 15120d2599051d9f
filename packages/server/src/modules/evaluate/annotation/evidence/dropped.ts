/** Why a source does not become a row. */
export const REASONS = {
  consent: "Training on it is not allowed.",
  guideline: "It was answered under an older guideline.",
  unapproved: "The answer was neither approved nor corrected.",
  divided: "The annotators do not agree enough.",
  middling: "Its rating is in the middle of the scale.",
  unchanged: "The correction changes almost nothing.",
  noPair: "The same prompt has no other answer that is better or worse.",
  onlyBetter: "A comparison says which answer is better, but not that the answer is good.",
  tie: "Neither answer is better.",
  conflict: "It contradicts other pairs of its prompt.",
  same: "Both answers are the same.",
  duplicate: "The dataset already has the same row.",
  tooMany: "Its prompt has more pairs than the limit.",
  private: "It contains personal data or secrets.",
  noPrompt: "The question is unknown.",
  noAnswer: "The answer is unknown.",
  unjudged: "It contains no label.",
  gone: "The span was deleted or has not arrived yet.",
} as const;
export type Reason = keyof typeof REASONS;

const SHOWN = 5;

/** Counts what falls out, and why, with some of each to look at. */
export function createDropped() {
  const counts = new Map<Reason, { count: number; sourceIds: string[] }>();
  return {
    add(reason: Reason, sourceIds: readonly string[]): void {
      const before = counts.get(reason) ?? { count: 0, sourceIds: [] };
      before.count += 1;
      before.sourceIds.push(...sourceIds.slice(0, Math.max(0, SHOWN - before.sourceIds.length)));
      counts.set(reason, before);
    },
    /** The most frequent reason first. */
    list: () =>
      [...counts]
        .map(([reason, { count, sourceIds }]) => ({ reason: REASONS[reason], count, sourceIds }))
        .sort((one, other) => other.count - one.count),
  };
}
export type Dropped = ReturnType<typeof createDropped>;
