import { type Bootstrapped, bootstrapMean } from "./bootstrap.ts";
import type { Interval, RunsToCompare } from "./comparison.ts";
import { comparisonInterval } from "./comparison-interval.ts";
import type { Evidence, Settled } from "./conclude.ts";
import { mean, variance } from "./moments.ts";
import { signFlipTest } from "./permutation.ts";

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
 * All differences are the same, so that their spread says nothing. What n groups never showed may still be in the share
 * 1 − (alpha/2)^(1/n) of all, each as far away as scores can lie apart. null when nobody says how far that is.
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
