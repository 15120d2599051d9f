import { studentTQuantile } from "../../distributions/student-t.ts";
import type { Comparison, ComparisonOptions } from "../shared/comparison.ts";
import { countMoreItems, decideVerdict } from "./verdict.ts";

/** The options of a comparison, none left open. */
export type Settled = Required<Omit<ComparisonOptions, "clusters">> & Pick<ComparisonOptions, "clusters">;

/** A comparison before it has been judged. */
export type Evidence = Omit<Comparison, "verdict" | "moreItems"> & {
  /** Of the difference; null when its spread is unknown. */
  readonly standardError: number | null;
};

/** What is known without items. */
export const NOTHING: Evidence = {
  n: 0,
  groups: 0,
  meanBase: null,
  meanHead: null,
  difference: null,
  interval: null,
  equivalenceInterval: null,
  pValue: null,
  test: "paired-bootstrap",
  effectSize: null,
  minimumDetectableEffect: null,
  standardError: null,
};

const POWER = 0.8;

/** Adds the verdict, and what more it would take. */
export function conclude({ standardError, ...evidence }: Evidence, options: Settled): Comparison {
  const verdict = decideVerdict(evidence, options);
  const { n, groups, difference } = evidence;
  return {
    ...evidence,
    minimumDetectableEffect: evidence.minimumDetectableEffect ?? detectable({ standardError, groups }, options.alpha),
    verdict,
    moreItems: verdict === "inconclusive" ? countMoreItems({ n, difference, standardError }, options) : null,
  };
}

function detectable(
  { standardError, groups }: { standardError: number | null; groups: number },
  alpha: number,
): number | null {
  if (standardError === null || standardError === 0 || groups < 2) return null;
  return (studentTQuantile(1 - alpha / 2, groups - 1) + studentTQuantile(POWER, groups - 1)) * standardError;
}
