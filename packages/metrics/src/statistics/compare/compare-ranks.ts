import { normalQuantile } from "../../distributions/normal.ts";
import type { RunsToCompare } from "../shared/comparison.ts";
import { mean } from "../shared/moments.ts";
import { hodgesLehmann, wilcoxonTest } from "../significance/wilcoxon.ts";
import type { Evidence, Settled } from "./conclude.ts";

const LEAST_ALIKE = 20;

/**
 * For numbers with extreme outliers: the Hodges–Lehmann difference, which a single timeout cannot change. Means are
 * reported too.
 */
export function compareRanks(runs: RunsToCompare, { alpha }: Settled): Evidence {
  const differences = Float64Array.from(runs.head, (score, item) => score - (runs.base[item] ?? 0));
  const located = hodgesLehmann(differences, alpha);
  const interval = located?.interval ?? null;
  const width = interval === null ? 0 : interval[1] - interval[0];
  // All equal, as far as ranks see: so many that differ alike, such as the costs of two models, are an interval without width.
  const isKnown = located !== null && (width > 0 || differences.length >= LEAST_ALIKE);
  return {
    n: differences.length,
    groups: differences.length,
    meanBase: mean(runs.base),
    meanHead: mean(runs.head),
    difference: located?.estimate ?? null,
    interval: isKnown ? interval : null,
    equivalenceInterval: isKnown ? (hodgesLehmann(differences, 2 * alpha)?.interval ?? null) : null,
    pValue: wilcoxonTest(differences)?.pValue ?? null,
    test: "wilcoxon",
    effectSize: null,
    minimumDetectableEffect: null,
    standardError: isKnown ? width / (2 * normalQuantile(1 - alpha / 2)) : null,
  };
}
