import type { Estimate } from "@treadle/contract";
import { correctedRate, predictionPoweredMean, scoreInterval, scoreSpread } from "@treadle/metrics";
import { passCounts, toEstimate } from "./build-report.ts";
import type { DoneRow } from "./calibration-store.ts";
import type { PairRow } from "./pair-store.ts";

export type Labelled = PairRow & { readonly humanValue: number; readonly judgeValue: number };
export const isLabelled = (pair: PairRow): pair is Labelled => pair.humanValue !== null && pair.judgeValue !== null;

type Judging = {
  readonly found: Pick<DoneRow, "passAt" | "report">;
  readonly pairs: readonly Labelled[];
  /** The judge's values, by answer. */
  readonly values: ReadonlyMap<string, number>;
  /** Answers among them that people labelled too, which the pairs hold already. */
  readonly labelled: ReadonlySet<string>;
};

/** A judge's mean as it is, and by Rogan and Gladen and by PPI++ once its errors are taken out. */
export function correctMean({ found: { passAt, report }, pairs, values, labelled }: Judging) {
  const onScale = (value: number) => (passAt === null ? value : Number(value >= passAt));
  const all = [...values.values()].map(onScale);
  const judgedOnly = [...values].flatMap(([key, value]) => (labelled.has(key) ? [] : [onScale(value)]));
  const isPass = report.scale === "pass";
  const positives = Math.round(judgedOnly.reduce((sum, value) => sum + value, 0));
  const rate = isPass ? correctedRate({ positives, judged: judgedOnly.length }, passCounts(pairs)) : null;
  const powered = predictionPoweredMean({
    labels: pairs.map(({ humanValue }) => humanValue),
    judgedLabelled: pairs.map(({ judgeValue }) => judgeValue),
    judgedOnly,
  });
  return {
    raw: rawEstimate(all),
    corrected: rate
      ? toEstimate(rate.corrected, rate.reason)
      : toEstimate(null, "It applies to pass or fail only. Calibrate with `passAt` to get it."),
    predictionPowered: toEstimate(powered.corrected, powered.reason),
  };
}

/** A judge's own mean. */
export function rawEstimate(values: readonly number[]): Estimate {
  const spread = scoreSpread(values.map((value) => [value]));
  if (spread === null) return toEstimate(null, "No answer has such a score.");
  const interval = scoreInterval(spread);
  const lacking =
    spread.items === 1 ? "One score has no interval." : "All scores are the same, so their spread is unknown.";
  return toEstimate({ value: spread.mean, interval }, interval ? null : lacking);
}
