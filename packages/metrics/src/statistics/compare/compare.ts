import { type Bootstrapped, bootstrapScoreDifference } from "../intervals/bootstrap.ts";
import { comparisonInterval } from "../intervals/comparison-interval.ts";
import { checkAlpha, checkFinite, checkSameLength } from "../shared/checks.ts";
import type { Comparison, ComparisonOptions, CorporaToCompare, RunsToCompare } from "../shared/comparison.ts";
import { sum } from "../shared/moments.ts";
import { compareMeans } from "./compare-means.ts";
import { comparePassRates } from "./compare-pass-rates.ts";
import { compareRanks } from "./compare-ranks.ts";
import { conclude, type Evidence, NOTHING, type Settled } from "./conclude.ts";

/**
 * Compares the scores of two runs over the same items: difference, interval, p-value and a verdict that says no more than they do.
 * Pass or fail: McNemar's exact test and Newcombe's paired interval. Numbers, averaged repeats and clusters: sign flips, and the wider of
 * Student's t and the paired bootstrap. With `test: "wilcoxon"`: ranks. A RangeError says what cannot be compared.
 */
export function compareRuns(runs: RunsToCompare): Comparison {
  checkRuns(runs);
  const options = settle(runs);
  return conclude(runs.base.length === 0 ? NOTHING : evidenceOf(runs, options), options);
}

/**
 * The same for a metric of the whole set. Rows of both runs are drawn together and scored again. The shift method gives
 * the p-value.
 */
export function compareCorpus(corpora: CorporaToCompare): Comparison {
  const { base, head, score, clusters } = corpora;
  checkSameLength(base, head);
  const options = settle(corpora);
  if (clusters !== undefined) checkSameLength(base, clusters);
  const [meanBase, meanHead] = [base, head].map((rows) => (rows.length === 0 ? null : score(sumRows(rows))));
  const drawn = bootstrapScoreDifference({ base, head }, score, options);
  const shared = { ...NOTHING, n: base.length, meanBase: meanBase ?? null, meanHead: meanHead ?? null };
  if (shared.meanBase === null || shared.meanHead === null) return conclude(shared, options);
  const difference = shared.meanHead - shared.meanBase;
  if (drawn === null)
    return conclude({ ...shared, groups: clusters === undefined ? base.length : 1, difference }, options);
  return conclude({ ...shared, difference, ...seenIn(drawn, options.alpha) }, options);
}

function evidenceOf(runs: RunsToCompare, options: Settled): Evidence {
  if (runs.test === "wilcoxon") return compareRanks(runs, options);
  const isPassOrFail = [...runs.base, ...runs.head].every((score) => score === 0 || score === 1);
  if (runs.kind === "binary" && isPassOrFail && runs.clusters === undefined) return comparePassRates(runs, options);
  return compareMeans(runs, options);
}

function seenIn(drawn: Bootstrapped, alpha: number): Partial<Evidence> {
  const { groups, standardError } = drawn;
  // All items alike: nothing is known of what others would do, so there is neither interval nor p-value.
  if (standardError === 0) return { groups };
  return {
    groups,
    standardError,
    interval: comparisonInterval(drawn, alpha),
    equivalenceInterval: comparisonInterval(drawn, 2 * alpha),
    pValue: shiftedPValue(drawn),
    effectSize: drawn.estimate / (standardError * Math.sqrt(groups)),
  };
}

/** How often resamples stray from their own mean as far as the difference lies from zero: (1 + c) / (1 + R), as sacrebleu counts. */
function shiftedPValue({ estimate, resampled }: Bootstrapped): number {
  const centre = sum(resampled) / resampled.length;
  let extreme = 0;
  for (const each of resampled) if (Math.abs(each - centre) >= Math.abs(estimate)) extreme += 1;
  return (1 + extreme) / (1 + resampled.length);
}

const sumRows = (rows: readonly (readonly number[])[]) =>
  (rows[0] ?? []).map((_, column) => rows.reduce((total, row) => total + (row[column] ?? 0), 0));

function settle(options: ComparisonOptions): Settled {
  const { margin = 0, alpha = 0.05, higherIsBetter = true, resamples = 10_000, seed = 1, clusters } = options;
  checkAlpha(alpha);
  if (!(margin >= 0 && Number.isFinite(margin)))
    throw new RangeError(`margin is ${margin}: give 0 or a number above it.`);
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`resamples is ${resamples}: give a whole number above 0.`);
  // A 1 − 2·alpha interval is needed, so alpha stays below a half.
  if (alpha >= 0.5) throw new RangeError(`alpha is ${alpha}: give a share below 0.5, such as 0.05.`);
  return { margin, alpha, higherIsBetter, resamples, seed, clusters };
}

function checkRuns({ kind, base, head, clusters, test }: RunsToCompare): void {
  checkSameLength(base, head);
  checkFinite("base", base);
  checkFinite("head", head);
  if (clusters !== undefined) checkSameLength(base, clusters);
  if (test === "wilcoxon" && clusters !== undefined) {
    throw new RangeError("Wilcoxon's test knows no clusters: leave one of both out.");
  }
  const isOutside = (score: number) => score < 0 || score > 1;
  if (kind === "binary" && (base.some(isOutside) || head.some(isOutside))) {
    throw new RangeError("A binary score lies outside 0 and 1: compare it as a number.");
  }
}
