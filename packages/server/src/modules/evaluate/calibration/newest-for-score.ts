import type { CalibrationReport } from "@treadle/contract";
import type { JudgeCalibration } from "@treadle/metrics";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { passCounts } from "./build-report.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import type { CalibrationDeps } from "./deps.ts";
import type { Reading } from "./make-pair.ts";
import { createPairStore } from "./pair-store.ts";
import { chooseCalibration, otherVersionWarnings, qualityWarnings } from "./rate-scores.ts";

type Wanted = Reading & { readonly score: string; readonly label: string };
export type ScoreCalibration = {
  readonly calibrationId: string;
  readonly createdAt: Date;
  /** Of each pair that could be compared. */
  readonly distances: readonly number[];
};

/** The newest calibration of a score that reads both sides in the same way. From spans, it must use the same human scores. */
export const createNewestForScore = (db: Postgres) =>
  async function newestForScore(projectId: string, wanted: Wanted): Promise<ScoreCalibration | null> {
    const rows = await createCalibrationStore(db).listForScore(projectId, wanted.score);
    const newest = rows.find((row) => isAlike(row, wanted));
    if (!newest) return null;
    const distances = await createPairStore(db).listDistances(newest.id);
    return { calibrationId: newest.id, createdAt: newest.createdAt, distances };
  };

const isAlike = ({ report, passAt, source }: DoneRow, wanted: Wanted) =>
  report.scale === wanted.scale &&
  passAt === wanted.passAt &&
  (source.kind !== "spans" || source.label === wanted.label);

type JudgedScore = { readonly score: string; readonly least: number; readonly from: Date };
type CalibratedErrors = {
  readonly counts: JudgeCalibration;
  readonly calibrationId: string;
  readonly scorerId: string;
  readonly version: number;
  readonly measuredAt: Date;
  readonly warnings: readonly string[];
};
type Labels = { readonly humanValue: number | null; readonly judgeValue: number | null };

/** How often the judge of a score was right, from the calibration that fits its scores since a time. */
export const createJudgeErrors = ({ db, live }: Pick<CalibrationDeps, "db" | "live">) =>
  async function judgeErrors(
    projectId: string,
    { score, least, from }: JudgedScore,
  ): Promise<CalibratedErrors | { readonly reason: string }> {
    const rows = await createCalibrationStore(db).listForScore(projectId, score);
    const usable = rows.filter(({ report, passAt }) => canReadAt({ scale: report.scale, passAt }, least));
    const makers = await live.countMakers(projectId, { name: score, from });
    const found = chooseCalibration(usable, makers);
    if (!found) return { reason: reasonWithout(rows, { score, least }) };
    const pairs = await createPairStore(db).listValues(found.id);
    return {
      counts: countAt(pairs, { scale: found.report.scale, least }),
      calibrationId: found.id,
      scorerId: found.scorerId,
      version: found.version,
      measuredAt: found.createdAt,
      warnings: [...otherVersionWarnings(found, makers), ...qualityWarnings(found)],
    };
  };

/** Whether the labels that were read in a way say who passes at a score. Those of a yes-or-no scorer are 0 and 1. */
export const canReadAt = ({ scale, passAt }: Reading, least: number): boolean =>
  scale === "number" || (scale === "pass" && (passAt === null ? least > 0 && least <= 1 : passAt === least));

/** The verdicts of the judge at a score, by the labels of people at the same score. */
export function countAt(
  pairs: readonly Labels[],
  { scale, least }: { readonly scale: CalibrationReport["scale"]; readonly least: number },
): JudgeCalibration {
  const at = scale === "number" ? least : 1;
  const known = pairs.filter(({ humanValue, judgeValue }) => humanValue !== null && judgeValue !== null);
  return passCounts(
    known.map(({ humanValue, judgeValue }) => ({
      humanValue: Number((humanValue ?? 0) >= at),
      judgeValue: Number((judgeValue ?? 0) >= at),
    })),
  );
}

function reasonWithout(rows: readonly DoneRow[], { score, least }: Pick<JudgedScore, "score" | "least">): string {
  const [newest] = rows;
  if (!newest) return `No judge named "${score}" was calibrated against human labels.`;
  return newest.report.scale === "label"
    ? `The judge "${score}" was calibrated with labels, which have no threshold. Calibrate it with \`passAt\` ${least}.`
    : `The judge "${score}" was calibrated for another threshold. Calibrate it with \`passAt\` ${least}.`;
}
