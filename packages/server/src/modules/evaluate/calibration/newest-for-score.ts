import type { Postgres } from "../../../platform/postgres/port.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import type { Reading } from "./make-pair.ts";
import { createPairStore } from "./pair-store.ts";

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
    const pairs = await createPairStore(db).listAll(newest.id);
    const distances = pairs.flatMap(({ distance }) => (distance === null ? [] : [distance]));
    return { calibrationId: newest.id, createdAt: newest.createdAt, distances };
  };

const isAlike = ({ report, passAt, source }: DoneRow, wanted: Wanted) =>
  report.scale === wanted.scale &&
  passAt === wanted.passAt &&
  (source.kind !== "spans" || source.label === wanted.label);
