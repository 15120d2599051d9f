import type { CalibrationAlarm } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import { type AnchorRow, createAnchorStore } from "./anchor-store.ts";
import { buildReport } from "./build-report.ts";
import { bindStored } from "./calibrate.ts";
import { type CalibrationRow, createAnchorHistory, createCalibrationStore } from "./calibration-store.ts";
import type { BoundScorer, CalibrationDeps } from "./deps.ts";
import { judgeAll } from "./judge-anchor.ts";
import { readingOf } from "./make-pair.ts";
import { createPairStore } from "./pair-store.ts";
import { raiseAlarm } from "./raise-alarm.ts";

const Payload = z.object({ anchorId: z.string() });
type Payload = z.output<typeof Payload>;
export const CHECK_KIND: JobKind<Payload, null> = { name: "anchor-check", payload: Payload, state: z.null() };

/**
 * Judges an anchor set again. Compares the judge with human labels and with its earlier scores. Existing scores are
 * reused.
 */
export function createAnchorCheck(deps: CalibrationDeps): JobHandler<Payload, null> {
  const { db, clock } = deps;
  const anchors = createAnchorStore(db);

  async function begin(scope: Scope, anchor: AnchorRow, bound: BoundScorer & { scorerId: string; version: number }) {
    const unfinished = await createAnchorHistory(db).findBegun(anchor.id, bound.signature);
    if (unfinished) return unfinished;
    const now = clock.now();
    const row: CalibrationRow = {
      id: newId("cal", now),
      projectId: scope.projectId,
      scorerId: bound.scorerId,
      scorerName: bound.key,
      version: bound.version,
      signature: bound.signature,
      anchorId: anchor.id,
      passAt: anchor.passAt,
      source: { kind: "anchor", anchorId: anchor.id, anchorName: anchor.name },
      report: null,
      alarm: null,
      createdBy: anchor.createdBy,
      createdAt: new Date(now),
    };
    await createCalibrationStore(db).create(row);
    return row;
  }

  async function check(run: JobRun<Payload, null>, anchor: AnchorRow) {
    const { scope } = run;
    const bound = await bindStored(deps, scope, { scorer: anchor.scorerId });
    const row = await begin(scope, anchor, bound);
    const reading = readingOf(bound.output, anchor.passAt);
    const pairs = await judgeAll(deps, run, { anchor, calibrationId: row.id, bound, reading });
    const usable = pairs.filter(({ distance }) => distance !== null);
    if (usable.length === 0) {
      await createCalibrationStore(db).delete(scope.projectId, row.id);
      throw new AppError("unprocessable", {
        message: `None of the ${pairs.length} labeled answers can be compared. The judge gave no score, or the labels use another scale. ${pairs[0]?.reason ?? ""}`,
      });
    }
    const report = await buildReport(deps, pairs, reading.scale);
    const before = await createAnchorHistory(db).findOfAnchor(anchor.id, { but: row.id, isCalm: true });
    const alarm: CalibrationAlarm | null = before
      ? await raiseAlarm(deps, { before: before.id, old: await createPairStore(db).listAll(before.id), now: pairs })
      : null;
    await createCalibrationStore(db).update(scope.projectId, row.id, {
      report,
      alarm,
      createdAt: new Date(clock.now()),
    });
    await anchors.update(scope.projectId, anchor.id, { lastError: "" });
    return { calibrationId: row.id, pairs: report.pairs, isWorse: alarm !== null };
  }

  return {
    concurrency: 2,
    async run(run) {
      const anchor = await anchors.find(run.scope.projectId, run.payload.anchorId);
      if (!anchor) throw new AppError("not_found", { message: "The anchor set was deleted." });
      try {
        return await check(run, anchor);
      } catch (error) {
        run.signal.throwIfAborted();
        const lastError = error instanceof AppError ? error.message.slice(0, 2_000) : "The check failed.";
        await anchors.update(run.scope.projectId, anchor.id, { lastError });
        throw error;
      }
    },
  };
}
