import { bettingSequence } from "@treadle/metrics";

/** What is known of a state after some items: the mean of its differences to the state before, and an interval for it. */
export type Seen = {
  readonly difference: number | null;
  readonly low: number;
  readonly high: number;
  /** Null while neither can be said. */
  readonly decision: "good" | "bad" | null;
};
type Terms = {
  /** How far the score fell between the two ends; above 0, in the score's own unit, better being higher. */
  readonly fall: number;
  /** The largest difference that two scores can have. */
  readonly range: number;
  readonly alpha: number;
};

/**
 * Whether a state is still as good as the end before it, or has fallen already: which side of half the fall the mean difference
 * lies on. `differences` are those of one item each, in the order in which they came. The interval is a betting confidence
 * sequence (Waudby-Smith and Ramdas, 2024), so it may be looked at after every item.
 */
export function decideSide(differences: readonly number[], { fall, range, alpha }: Terms): Seen {
  const within = (difference: number) => Math.min(1, Math.max(0, (difference / range + 1) / 2));
  const [low, high] = bettingSequence(differences.map(within), alpha).map((share) => (2 * share - 1) * range);
  const threshold = -fall / 2;
  const difference =
    differences.length === 0 ? null : differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const seen = { difference, low: low ?? -range, high: high ?? range };
  return { ...seen, decision: seen.high < threshold ? "bad" : seen.low > threshold ? "good" : null };
}

/** What is likelier when no more items are left. */
export const guessSide = ({ difference }: Pick<Seen, "difference">, { fall }: Pick<Terms, "fall">): "good" | "bad" =>
  difference !== null && difference < -fall / 2 ? "bad" : "good";
