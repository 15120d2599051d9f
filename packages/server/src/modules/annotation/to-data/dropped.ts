/** Why something is no row. */
export const REASONS = {
  consent: "Models may not be trained on it.",
  guideline: "It was answered under an older guideline.",
  unapproved: "Nobody approved or corrected the answer.",
  divided: "People do not agree enough.",
  middling: "Its rating lies in the middle.",
  unchanged: "The correction changes next to nothing.",
  noPair: "There is no other answer to the same prompt that is better or worse.",
  onlyBetter: "A comparison says which answer is better, and not that one is good.",
  tie: "Neither answer is better.",
  conflict: "It contradicts other pairs of its prompt.",
  same: "Both answers are the same.",
  duplicate: "The same row is there already.",
  tooMany: "Its prompt has more pairs than are wanted.",
  private: "Something private is in it.",
  noPrompt: "What was asked is not known.",
  noAnswer: "What was answered is not known.",
  unjudged: "Nothing was said that could be a label.",
  gone: "The span is gone, or has yet to come.",
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
