import type { RunScorer } from "@treadle/contract";
import { guaranteedBounds, type Interval, scoreInterval, scoreSpread } from "@treadle/metrics";

/** Scores without a stated range have no guaranteed bound; an interval that relies on many items takes its place from this many on. */
export const LEAST_WITHOUT_RANGE = 100;

type Scored = {
  readonly output: Pick<RunScorer["output"], "type" | "min" | "max">;
  /** One list for each item, one value for each repeat. */
  readonly items: readonly (readonly number[])[];
  readonly alpha: number;
};

/**
 * The bounds for a floor: bounds of the true mean, each with an error rate of at most alpha. Pass or fail: Clopper and
 * Pearson. A score with a range, and averaged repeats: a betting bound. Without a range: Student's t, and null below
 * 100 items or if all values are equal.
 */
export function floorBounds({ output, items, alpha }: Scored): Interval | null {
  const spread = scoreSpread(items);
  if (spread === null) return null;
  const { min, max } = output;
  const range = min !== null && max !== null ? ([min, max] as const) : null;
  const hasRepeats = spread.answers > spread.items;
  const means = items.map((own) => own.reduce((sum, value) => sum + value, 0) / own.length);
  const isPassOrFail = spread.isPassOrFail && (output.type !== "number" || range === null);
  if (isPassOrFail) return guaranteedBounds(means, hasRepeats ? { alpha, range: [0, 1] } : { alpha });
  if (range !== null && range[0] < range[1] && range[0] <= spread.lowest && spread.highest <= range[1])
    return guaranteedBounds(means, { alpha, range });
  if (spread.items < LEAST_WITHOUT_RANGE) return null;
  return scoreInterval(spread, { alpha: 2 * alpha, range: output });
}
