import type { RunCorrection, RunScorer } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { fewPairsWarnings } from "./build-report.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import { correctMean, isLabelled, type Labelled } from "./correct-mean.ts";
import type { CalibrationDeps } from "./deps.ts";
import { createPairStore } from "./pair-store.ts";

/** The corrected means of a run's calibrated judges. */
export const createCorrections = ({ db, judged }: Pick<CalibrationDeps, "db" | "judged">) =>
  async function correct(scope: Scope, runId: string) {
    const items: RunCorrection[] = [];
    for (const scorer of await judged.listScorers(scope, runId)) {
      const wanted = { signature: scorer.signature, scorerName: scorer.name };
      const calibration = await createCalibrationStore(db).findFor(scope.projectId, wanted);
      if (!calibration || calibration.report.scale === "label") continue;
      const pairs = (await createPairStore(db).listAll(calibration.id)).filter(isLabelled);
      const values = await judged.values(scope, runId, scorer.key);
      items.push(correctScorer({ scorer, found: calibration, pairs, values, runId }));
    }
    return wholeList(items);
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
    pairs: pairs.length,
    isSameVersion: isSame,
    ...correctMean({ found, pairs, values, labelled }),
    alarm: found.alarm,
    warnings: warningsOf(found, { isOwn, isSame }),
  };
}

function warningsOf({ report, alarm, version }: DoneRow, { isOwn, isSame }: { isOwn: boolean; isSame: boolean }) {
  return [
    ...(alarm ? [alarm.message] : []),
    ...(isSame ? [] : [`The calibration is for version ${version}, not for the judge that scored this run.`]),
    ...(isOwn
      ? []
      : [
          "The labeled answers are not from this run. The correction assumes that the judge makes the same errors on both.",
        ]),
    ...fewPairsWarnings(report.pairs),
  ];
}
