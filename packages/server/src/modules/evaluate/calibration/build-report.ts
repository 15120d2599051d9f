import type { CalibrationReport, Estimate } from "@treadle/contract";
import { ANY_NUMBER, scoreInterval, scoreSpread, wilsonInterval } from "@treadle/metrics";
import { countOf } from "../../../kernel/count-of.ts";
import type { CalibrationDeps } from "./deps.ts";
import type { Scale } from "./make-pair.ts";
import type { PairRow } from "./pair-store.ts";
import { sliceErrors } from "./slice-errors.ts";

export const LEVEL = 0.95;
const MOST_LABELS = 20;
/** Intervals from fewer pairs are too wide to rely on. */
const FEW_PAIRS = 30;

/** The warning about few labeled answers. None if there are enough. */
export const fewPairsWarnings = (pairs: number): string[] =>
  pairs < FEW_PAIRS ? [`Only ${countOf(pairs, "answer")} with a label; ${FEW_PAIRS} or more are recommended.`] : [];

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

/** The agreement of the judge with people. */
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
  const bias = scale === "label" ? null : biasOf(differences, scale);
  const counts = passCounts(scale === "pass" ? pairs : []);
  const notPass = scale === "pass" ? "" : "It applies to pass or fail only.";
  return {
    scale,
    pairs: pairs.length,
    unusable: rows.length - pairs.length,
    agreement: shareOf(equal, pairs.length, "There are no pairs."),
    kappa: toEstimate(kappa, kappa.reason),
    alpha: toEstimate(alpha, alpha.reason),
    meanError:
      isNumber && pairs.length > 0 ? pairs.reduce((sum, { distance }) => sum + distance, 0) / pairs.length : null,
    bias: bias ?? toEstimate(null, scale === "label" ? "Labels have no numeric size." : "There are too few pairs."),
    sensitivity: shareOf(
      counts.truePositives,
      counts.truePositives + counts.falseNegatives,
      notPass || "The human labels contain no pass.",
    ),
    specificity: shareOf(
      counts.trueNegatives,
      counts.trueNegatives + counts.falsePositives,
      notPass || "The human labels contain no fail.",
    ),
    confusion: confusionOf(pairs),
    slices: await sliceErrors({ ask }, pairs),
    warnings: warningsOf(rows.length, pairs),
  };
}

/** The mean difference between the judge and people. For passes it is from −1 to 1; otherwise it can be any number. */
function biasOf(differences: readonly number[], scale: Scale): Estimate | null {
  const spread = scoreSpread(differences.map((difference) => [difference]));
  if (spread === null || spread.items < 2) return null;
  const interval = scoreInterval(spread, { range: scale === "pass" ? { min: -1, max: 1 } : ANY_NUMBER });
  return toEstimate(
    { value: spread.mean, interval },
    interval ? null : "All pairs differ by the same amount, so the spread is unknown.",
  );
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
    warnings.push(
      `There ${pairs.length === 1 ? "is" : "are"} only ${countOf(pairs.length, "pair")}. Reliable intervals need ${FEW_PAIRS} or more.`,
    );
  if (all > pairs.length)
    warnings.push(
      `${countOf(all - pairs.length, "pair")} could not be compared and ${all - pairs.length === 1 ? "is" : "are"} left out.`,
    );
  return warnings;
}
