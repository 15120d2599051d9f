import type { RunCorrection, RunScorer } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import { correctMean, isLabelled, type Labelled } from "./correct-mean.ts";
import type { CalibrationDeps } from "./deps.ts";
import { createPairStore } from "./pair-store.ts";

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
  const isOwn = found.source.kind === "run" && found.source.runId === runId;
  const labelled = new Set(isOwn ? pairs.map(({ key }) => key) : []);
  const isSame = found.signature === scorer.signature;
  return {
    scorer: scorer.key,
    calibrationId: found.id,
    calibratedAt: found.createdAt.toISOString(),
    ...{ pairs: pairs.length, isSameVersion: isSame },
    ...correctMean({ found, pairs, values, labelled }),
    alarm: found.alarm,
    warnings: warningsOf(found, { isOwn, isSame }),
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
