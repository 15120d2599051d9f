import type { Calibration, CalibrationInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createAnchorSets } from "./anchors-service.ts";
import { createCalibrating } from "./calibrate.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import { createCorrections } from "./correct-run.ts";
import type { CalibrationDeps } from "./deps.ts";
import { createJudgeErrors, createNewestForScore } from "./newest-for-score.ts";
import { createPairStore } from "./pair-store.ts";
import { toCalibration, toPair } from "./present.ts";
import { createScoreRates } from "./rate-scores.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** The agreement of judges with people, and rates corrected for judge errors. */
export function createCalibration(deps: CalibrationDeps) {
  const { db, audit, namesOf } = deps;
  const store = createCalibrationStore(db);
  const calibrate = createCalibrating(deps);

  async function describe(scope: Scope, rows: readonly DoneRow[]): Promise<Calibration[]> {
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map((row) => toCalibration(row, names));
  }
  async function find(scope: Scope, calibrationId: string): Promise<DoneRow> {
    const row = await store.find(scope.projectId, calibrationId);
    if (!row) throw notFound("calibration", calibrationId);
    return row;
  }
  async function describeOne(scope: Scope, row: DoneRow): Promise<Calibration> {
    const [calibration] = await describe(scope, [row]);
    if (!calibration) throw new AppError("internal");
    return calibration;
  }

  return {
    anchorSets: createAnchorSets(deps),
    correct: createCorrections(deps),
    rate: createScoreRates(deps),
    newestForScore: createNewestForScore(db),
    judgeErrors: createJudgeErrors(deps),

    async list(scope: Scope, { limit, cursor, scorer }: Page & { scorer?: string | undefined }) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, scorer, { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await describe(scope, page.items) };
    },

    async create(scope: Scope, input: CalibrationInput): Promise<Calibration> {
      return describeOne(scope, await calibrate(scope, input));
    },

    async get(scope: Scope, calibrationId: string): Promise<Calibration> {
      return describeOne(scope, await find(scope, calibrationId));
    },

    async listPairs(scope: Scope, calibrationId: string, { limit, cursor }: Page) {
      await find(scope, calibrationId);
      const [distance, key] = cursor === undefined ? [] : fromCursor(cursor, 2);
      const after = cursor === undefined ? null : ([Number(distance), String(key)] as const);
      const rows = await createPairStore(db).list(calibrationId, { limit: limit + 1, after });
      const page = toPage(rows, limit, (row) => [row.distance ?? 0, row.key]);
      return { ...page, items: page.items.map(toPair) };
    },

    async delete(scope: Scope, calibrationId: string): Promise<void> {
      const { scorerName } = await find(scope, calibrationId);
      await db.transaction(async (tx) => {
        await createCalibrationStore(tx).delete(scope.projectId, calibrationId);
        const details = { scorer: scorerName };
        await audit.record(scope, { action: "calibration.delete", target: calibrationId, details }, tx);
      });
    },
  };
}
export type CalibrationService = ReturnType<typeof createCalibration>;
