import { type Bootstrapped, bootstrapMean } from "../intervals/bootstrap.ts";
import { comparisonInterval } from "../intervals/comparison-interval.ts";
import type { Interval, RunsToCompare } from "../shared/comparison.ts";
import { mean, variance } from "../shared/moments.ts";
import { signFlipTest } from "../significance/permutation.ts";
import type { Evidence, Settled } from "./conclude.ts";

/** Numbers of the same items, or averages of repeats, or anything in clusters. */
export function compareMeans(runs: RunsToCompare, options: Settled): Evidence {
  const { clusters, alpha } = options;
  const differences = Float64Array.from(runs.head, (score, item) => score - (runs.base[item] ?? 0));
  const drawn = bootstrapMean(differences, options);
  const deviation = Math.sqrt(variance(differences) ?? 0);
  const difference = mean(differences);
  const intervalAt = (level: number) => (drawn === null ? null : intervalOf(drawn, runs, level));
  return {
    n: differences.length,
    groups: clusters === undefined ? differences.length : new Set(clusters).size,
    meanBase: mean(runs.base),
    meanHead: mean(runs.head),
    difference,
    interval: intervalAt(alpha),
    equivalenceInterval: intervalAt(2 * alpha),
    pValue: signFlipTest(differences, options)?.pValue ?? null,
    test: "sign-flip",
    effectSize: difference === null || deviation === 0 ? null : difference / deviation,
    minimumDetectableEffect: null,
    standardError: drawn?.standardError ?? null,
  };
}

function intervalOf(drawn: Bootstrapped, runs: RunsToCompare, alpha: number): Interval | null {
  if (drawn.standardError === 0) return unseenInterval(drawn, runs, alpha);
  return comparisonInterval(drawn, alpha);
}

/**
 * All differences are equal, so their spread is unknown. Values that n groups never showed can still be the share 1 −
 * (alpha/2)^(1/n) of all values, each at the maximum distance of scores. null if this distance is unknown.
 */
function unseenInterval({ estimate, groups }: Bootstrapped, runs: RunsToCompare, alpha: number): Interval | null {
  const [least, most] = runs.bounds ?? (runs.kind === "binary" ? [0, 1] : rangeOf([...runs.base, ...runs.head]));
  if (!(most > least)) return null;
  const share = 1 - (alpha / 2) ** (1 / groups);
  return [estimate - share * (most - least), estimate + share * (most - least)];
}

const rangeOf = (values: readonly number[]): Interval => [
  values.reduce((one, other) => Math.min(one, other)),
  values.reduce((one, other) => Math.max(one, other)),
];
