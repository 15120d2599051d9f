import type { RunCorrection, RunScorer } from "@treadle/contract";
import { correctedRate, estimateMean, predictionPoweredMean } from "@treadle/metrics";
import type { Scope } from "../../kernel/scope.ts";
import { passCounts, toEstimate } from "./build-report.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import type { CalibrationDeps } from "./deps.ts";
import { createPairStore, type PairRow } from "./pair-store.ts";

type Labelled = PairRow & { readonly humanValue: number; readonly judgeValue: number };
const isLabelled = (pair: PairRow): pair is Labelled => pair.humanValue !== null && pair.judgeValue !== null;

/** What the judged means of a run are once the judges' errors are taken out; of scorers that are calibrated only. */
export const createCorrections = ({ db, judged }: Pick<CalibrationDeps, "db" | "judged">) =>
  async function correct(scope: Scope, runId: string): Promise<{ items: RunCorrection[] }> {
    const items: RunCorrection[] = [];
    for (const scorer of await judged.listScorers(scope, runId)) {
      const wanted = { signature: scorer.signature, scorerName: scorer.name };
      const found = await createCalibrationStore(db).findFor(scope.projectId, wanted);
      if (!found || found.report.scale === "label") continue;
      const pairs = (await createPairStore(db).listAll(found.id)).filter(isLabelled);
      const values = await judged.values(scope, runId, scorer.key);
      items.push(correctScorer({ scorer, found, pairs, values, runId }));
    }
    return { items };
  };

type Correcting = {
  readonly scorer: RunScorer;
  readonly found: DoneRow;
  readonly pairs: readonly Labelled[];
  readonly values: ReadonlyMap<string, number>;
  readonly runId: string;
};

function correctScorer({ scorer, found, pairs, values, runId }: Correcting): RunCorrection {
  const { source, passAt, report } = found;
  const isOwn = source.kind === "run" && source.runId === runId;
  const labelled = new Set(isOwn ? pairs.map(({ key }) => key) : []);
  const onScale = (value: number) => (passAt === null ? value : Number(value >= passAt));
  const all = [...values.values()].map(onScale);
  const judgedOnly = [...values].flatMap(([itemId, value]) => (labelled.has(itemId) ? [] : [onScale(value)]));
  const isPass = report.scale === "pass";
  const positives = Math.round(judgedOnly.reduce((sum, value) => sum + value, 0));
  const rate = isPass ? correctedRate({ positives, judged: judgedOnly.length }, passCounts(pairs)) : null;
  const powered = predictionPoweredMean({
    labels: pairs.map(({ humanValue }) => humanValue),
    judgedLabelled: pairs.map(({ judgeValue }) => judgeValue),
    judgedOnly,
  });
  const raw = estimateMean(all);
  return {
    scorer: scorer.key,
    calibrationId: found.id,
    calibratedAt: found.createdAt.toISOString(),
    pairs: pairs.length,
    isSameVersion: found.signature === scorer.signature,
    raw: toEstimate(raw && { value: raw.mean, interval: raw.interval }, raw ? null : "Too few items have a score."),
    corrected: rate
      ? toEstimate(rate.corrected, rate.reason)
      : toEstimate(null, "It is of pass or fail only; calibrate with `passAt` to have it."),
    predictionPowered: toEstimate(powered.corrected, powered.reason),
    alarm: found.alarm,
    warnings: warningsOf(found, { isOwn, isSame: found.signature === scorer.signature }),
  };
}

const FEW_PAIRS = 30;

function warningsOf({ report, alarm, version }: DoneRow, { isOwn, isSame }: { isOwn: boolean; isSame: boolean }) {
  return [
    ...(alarm ? [alarm.message] : []),
    ...(isSame ? [] : [`The calibration is of version ${version}, not of the judge that scored this run.`]),
    ...(isOwn ? [] : ["The labelled answers are others than this run's: the judge is taken to err on both alike."]),
    ...(report.pairs < FEW_PAIRS
      ? [`Only ${report.pairs} answers are labelled; ${FEW_PAIRS} or more are wanted.`]
      : []),
  ];
}
