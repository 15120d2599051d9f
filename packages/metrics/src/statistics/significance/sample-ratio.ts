import { chiSquareSurvival } from "../../distributions/chi-square.ts";
import { sum } from "../shared/moments.ts";

/** Below this p-value the split itself is broken, and no result of the experiment can be trusted. */
const ALARM = 0.001;

/**
 * Whether users were split as planned: the chi-square test of the counts against the planned shares (any positive weights).
 * null without counts, or with one arm.
 */
export function sampleRatioMismatch(
  counts: readonly number[],
  weights: readonly number[] = counts.map(() => 1),
): { statistic: number; pValue: number; isMismatch: boolean } | null {
  if (counts.length !== weights.length)
    throw new RangeError(`There are ${counts.length} counts and ${weights.length} weights.`);
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 0))
    throw new RangeError("A count is no whole number.");
  if (weights.some((weight) => !(weight > 0 && Number.isFinite(weight))))
    throw new RangeError("A weight is not above 0.");
  const total = sum(counts);
  if (total === 0 || counts.length < 2) return null;
  const share = sum(weights);
  const statistic = counts.reduce((all, count, arm) => {
    const expected = (total * (weights[arm] ?? 0)) / share;
    return all + (count - expected) ** 2 / expected;
  }, 0);
  const pValue = chiSquareSurvival(statistic, counts.length - 1);
  return { statistic, pValue, isMismatch: pValue < ALARM };
}
