import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import type { Rate } from "./use-red-team.ts";

/** A rate with its interval, and whether it is too small for a conclusion. */
export function rateWords({ n, count, rate, interval, isSmall }: Rate): string {
  if (rate === null || interval === null) return "no answers";
  const range = `${formatPercent(interval.low)} to ${formatPercent(interval.high)}`;
  const words = `${formatCount(count)} of ${formatCount(n)}, ${formatPercent(rate)} (${range})`;
  return isSmall ? `${words}, too few for a conclusion` : words;
}
