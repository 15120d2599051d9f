import type { CalibrationReport, Estimate } from "@treadle/contract";
import { estimateMean, wilsonInterval } from "@treadle/metrics";
import type { CalibrationDeps } from "./deps.ts";
import type { Scale } from "./make-pair.ts";
import type { PairRow } from "./pair-store.ts";
import { sliceErrors } from "./slice-errors.ts";

export const LEVEL = 0.95;
const MOST_LABELS = 20;
const FEW_PAIRS = 30;

type Pair = PairRow & { readonly distance: number };
const isUsable = (pair: PairRow): pair is Pair => pair.distance !== null;

/** An interval as it goes over the wire. */
export const toEstimate = (
  found: { readonly value: number | null; readonly interval: readonly [number, number] | null } | null,
  reason: string | null,
): Estimate => ({
  value: found?.value ?? null,
  interval: found?.interval ? { low: found.interval[0], high: found.interval[1], level: LEVEL } : null,
  reason: reason ?? "",
});

const shareOf = (successes: number, n: number, lacking: string): Estimate =>
  n === 0
    ? toEstimate(null, lacking)
    : toEstimate({ value: successes / n, interval: wilsonInterval({ successes, n }) }, null);

export const passCounts = (pairs: readonly Pick<PairRow, "humanValue" | "judgeValue">[]) => {
  const count = (human: number, judge: number) =>
    pairs.filter((pair) => pair.humanValue === human && pair.judgeValue === judge).length;
  return {
    truePositives: count(1, 1),
    falseNegatives: count(1, 0),
    trueNegatives: count(0, 0),
    falsePositives: count(0, 1),
  };
};

/** How far the judge agrees with people. */
export async function buildReport(
  { ask }: Pick<CalibrationDeps, "ask">,
  rows: readonly PairRow[],
  scale: Scale,
): Promise<CalibrationReport> {
  const pairs = rows.filter(isUsable);
  const isNumber = scale === "number";
  const units = pairs.map((pair) =>
    scale === "label" ? [pair.human, pair.judge] : [pair.humanValue ?? 0, pair.judgeValue ?? 0],
  );
  const { kappa, alpha } = await ask("agreement", { units, scale: isNumber ? "interval" : "nominal" });
  const equal = pairs.filter(({ distance }) => distance === 0).length;
  const differences = pairs.map(({ humanValue, judgeValue }) => (judgeValue ?? 0) - (humanValue ?? 0));
  const bias = scale === "label" ? null : estimateMean(differences);
  const counts = passCounts(scale === "pass" ? pairs : []);
  const notPass = scale === "pass" ? "" : "It is of pass or fail only.";
  return {
    scale,
    pairs: pairs.length,
    unusable: rows.length - pairs.length,
    agreement: shareOf(equal, pairs.length, "There are no pairs."),
    kappa: toEstimate(kappa, kappa.reason),
    alpha: toEstimate(alpha, alpha.reason),
    meanError:
      isNumber && pairs.length > 0 ? pairs.reduce((sum, { distance }) => sum + distance, 0) / pairs.length : null,
    bias: toEstimate(
      bias && { value: bias.mean, interval: bias.interval },
      scale === "label" ? "Labels have no size." : bias ? null : "There are too few pairs.",
    ),
    sensitivity: shareOf(
      counts.truePositives,
      counts.truePositives + counts.falseNegatives,
      notPass || "People passed none of them.",
    ),
    specificity: shareOf(
      counts.trueNegatives,
      counts.trueNegatives + counts.falsePositives,
      notPass || "People passed all of them.",
    ),
    confusion: confusionOf(pairs),
    slices: await sliceErrors({ ask }, pairs),
    warnings: warningsOf(rows.length, pairs),
  };
}

/** Null where there are too many different values for a table. */
function confusionOf(pairs: readonly Pair[]): CalibrationReport["confusion"] {
  const labels = [...new Set(pairs.flatMap(({ human, judge }) => [human, judge]))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  if (labels.length === 0 || labels.length > MOST_LABELS) return null;
  const counts = labels.map((human) =>
    labels.map((judge) => pairs.filter((pair) => pair.human === human && pair.judge === judge).length),
  );
  return { labels, counts };
}

function warningsOf(all: number, pairs: readonly Pair[]): string[] {
  const warnings: string[] = [];
  if (pairs.length < FEW_PAIRS)
    warnings.push(`There are only ${pairs.length} pairs; intervals want ${FEW_PAIRS} or more.`);
  if (all > pairs.length) warnings.push(`${all - pairs.length} pairs could not be compared and are left out.`);
  return warnings;
}
