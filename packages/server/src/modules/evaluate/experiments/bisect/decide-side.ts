import { bettingSequence } from "@treadle/metrics";

/** The estimate of a state after some items: the mean difference to the reference, and its interval. */
export type Seen = {
  readonly difference: number | null;
  readonly low: number;
  readonly high: number;
  /** Null while undecided. */
  readonly decision: "good" | "bad" | null;
};
type Terms = {
  /** The drop of the score between the two ends, above 0, in the score's own unit, higher being better. */
  readonly fall: number;
  /** The largest difference that two scores can have. */
  readonly range: number;
  readonly alpha: number;
};

/**
 * Whether a state is as good as the reference, or has already fallen: on which side of half the drop the mean
 * difference is. `differences` contains one value per item, in order. The interval is a betting confidence sequence
 * (Waudby-Smith and Ramdas, 2024), so it can be checked after every item.
 */
export function decideSide(differences: readonly number[], { fall, range, alpha }: Terms): Seen {
  const within = (difference: number) => Math.min(1, Math.max(0, (difference / range + 1) / 2));
  const [low, high] = bettingSequence(differences.map(within), alpha).map((share) => (2 * share - 1) * range);
  const threshold = -fall / 2;
  const difference =
    differences.length === 0 ? null : differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const observed = { difference, low: low ?? -range, high: high ?? range };
  return { ...observed, decision: observed.high < threshold ? "bad" : observed.low > threshold ? "good" : null };
}

/** The more likely side if no items are left. */
export const guessSide = ({ difference }: Pick<Seen, "difference">, { fall }: Pick<Terms, "fall">): "good" | "bad" =>
  difference !== null && difference < -fall / 2 ? "bad" : "good";
