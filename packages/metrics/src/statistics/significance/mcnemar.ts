import { binomialCdf } from "../../distributions/binomial.ts";
import { chiSquareSurvival } from "../../distributions/chi-square.ts";
import { checkCounts } from "../shared/checks.ts";

export type Discordant = {
  /** Items that only the base passed. */
  readonly baseOnly: number;
  /** Items that only the head passed. */
  readonly headOnly: number;
};

/** The two-sided p-value of McNemar's exact test: could the items that changed have changed either way? 1 when none did. */
export function mcnemarExact({ baseOnly, headOnly }: Discordant): number {
  checkCounts(baseOnly, baseOnly + headOnly);
  return Math.min(1, 2 * halfCdf(Math.min(baseOnly, headOnly), baseOnly + headOnly));
}

/** The chi-square form with continuity correction (Edwards); for tables of many items. null when none changed. */
export function mcnemarCorrected({ baseOnly, headOnly }: Discordant): { statistic: number; pValue: number } | null {
  checkCounts(baseOnly, baseOnly + headOnly);
  if (baseOnly + headOnly === 0) return null;
  const statistic = Math.max(0, Math.abs(baseOnly - headOnly) - 1) ** 2 / (baseOnly + headOnly);
  return { statistic, pValue: chiSquareSurvival(statistic, 1) };
}

/** At most k heads of n fair coins. Added up in whole numbers as long as they fit, so that 1/16 is 1/16. */
function halfCdf(k: number, n: number): number {
  if (n > 1_000) return binomialCdf(k, n, 0.5);
  let ways = 1;
  let total = 1;
  for (let heads = 1; heads <= k; heads += 1) {
    ways = (ways * (n - heads + 1)) / heads;
    total += ways;
  }
  return total * 2 ** -n;
}
