import { stat } from "node:fs/promises";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { CONTROL_FILE, placeOf } from "../job/run-folder.ts";
import { providerOf } from "../provider/remote-run.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createRunStore, isActive, type RunRow } from "../stores/store.ts";
import { requirePython } from "../trainer/find-python.ts";
import { createRunPlaces } from "../trainer/run-place.ts";
import { blockedReason } from "./present.ts";
import { orderOf } from "./start-run.ts";

export type FindRun = (scope: Scope, id: string) => Promise<RunRow>;

/** User actions on a started run. Its follower reads them in the database. */
export function createRunControls(deps: TrainingDeps, find: FindRun) {
  const { db, jobs, audit, clock } = deps;
  const findPlace = createRunPlaces(deps);
  const note = (scope: Scope, action: string, { id, name }: RunRow) =>
    audit.record(scope, { action: `training.${action}`, target: id, details: { name } }, db);

  /** Takes a run out of the queue; false when it has begun. */
  async function leaveQueue(scope: Scope, row: RunRow, status: "paused" | "cancelled"): Promise<boolean> {
    const message = status === "paused" ? "Paused before it began" : "Canceled before it began";
    const changes = { status, message, endedAt: new Date(clock.now()) };
    if (!(await createRunStore(db).move(row, ["queued"], changes))) return false;
    await cancelJob(jobs, scope, row);
    return true;
  }

  async function want(scope: Scope, row: RunRow, wish: Wish): Promise<RunRow> {
    await createRunStore(db).move(row, ["preparing", "running", "saving"], wish);
    return find(scope, row.id);
  }

  return {
    /** `result`: which checkpoint becomes the model; what the configuration says when it is null. */
    async stop(scope: Scope, id: string, result: RunRow["wantedResult"] = null): Promise<RunRow> {
      const row = await findActive(find, scope, id);
      requireStoppable(row);
      await note(scope, "stop", row);
      return want(scope, row, { wanted: "stop", wantedResult: result });
    },

    async pause(scope: Scope, id: string): Promise<RunRow> {
      const row = await findActive(find, scope, id);
      await note(scope, "pause", row);
      if (await leaveQueue(scope, row, "paused")) return find(scope, id);
      return want(scope, row, { wanted: "pause" });
    },

    async cancel(scope: Scope, id: string): Promise<RunRow> {
      const row = await findActive(find, scope, id);
      await note(scope, "cancel", row);
      if (await leaveQueue(scope, row, "cancelled")) return find(scope, id);
      const wanted = await want(scope, row, { wanted: "cancel" });
      // While rows are written, there is no process to notify.
      if (await isUnbegun(deps, row)) await cancelJob(jobs, scope, row);
      return wanted;
    },

    async save(scope: Scope, id: string): Promise<RunRow> {
      const row = await findActive(find, scope, id);
      if (row.status !== "running") throw new AppError("conflict", { message: "The run is not training right now." });
      const { launcher } = await findPlace(row);
      await launcher.tell(placeOf(deps.folder, row), CONTROL_FILE, JSON.stringify({ cmd: "save" }));
      return row;
    },

    async resume(scope: Scope, id: string): Promise<RunRow> {
      const row = await find(scope, id);
      await requireResumable(deps, row);
      const attempt = row.attempt + 1;
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, orderOf({ ...row, attempt }));
        const again = {
          status: "queued" as const,
          message: "Waiting in the queue",
          wanted: "run" as const,
          attempt,
          jobId,
          wantedResult: null,
          result: null,
          stopReason: null,
          error: null,
          artifacts: [],
          endedAt: null,
          queuedAt: new Date(clock.now()),
        };
        if (!(await createRunStore(tx).move(row, ["paused", "failed", "cancelled"], again)))
          throw new AppError("conflict", { message: "The run was resumed by another user." });
        await audit.record(scope, { action: "training.resume", target: id, details: { attempt } }, tx);
      });
      return find(scope, id);
    },
  };
}
export type RunControls = ReturnType<typeof createRunControls>;

type Wish = Partial<Pick<RunRow, "wanted" | "wantedResult">>;

async function cancelJob(jobs: TrainingDeps["jobs"], scope: Scope, { jobId }: RunRow): Promise<void> {
  if (jobId === null) return;
  await jobs.cancel(scope, jobId).catch((error: unknown) => {
    // It has ended in the meantime.
    if (!(error instanceof AppError && (error.code === "conflict" || error.code === "not_found"))) throw error;
  });
}

/** Throws where a stop would give no model. */
function requireStoppable({ status, config }: RunRow): void {
  if (status === "queued")
    throw new AppError("conflict", {
      message: "The run has not started, so there is no result to keep. Cancel it instead.",
    });
  if (providerOf(config) !== null)
    throw new AppError("conflict", {
      message: "A provider returns no result for an unfinished run. Cancel the run, or wait until it ends.",
    });
}

/** Whether a run has no process. An unavailable cluster may have one. */
async function isUnbegun(deps: TrainingDeps, row: RunRow): Promise<boolean> {
  if (providerOf(row.config) !== null) return !row.remote?.jobId;
  try {
    const { launcher } = await createRunPlaces(deps)(row);
    return (await launcher.poll(placeOf(deps.folder, row))).kind === "unknown";
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Throws if a run cannot continue, with the reason. */
async function requireResumable(deps: TrainingDeps, row: RunRow): Promise<void> {
  const blocked = blockedReason(row);
  if (blocked !== null) throw new AppError("conflict", { message: blocked });
  if (providerOf(row.config) !== null) return;
  if ((await createRunPlaces(deps)(row)).isHere) await requirePython(deps);
  if (row.lastSeq > 0 && !(await isThere(placeOf(deps.folder, row).folder)))
    throw new AppError("conflict", {
      message: "The folder of the run is no longer on this machine, so the run cannot continue. Start a new run.",
    });
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function findActive(find: FindRun, scope: Scope, id: string): Promise<RunRow> {
  const row = await find(scope, id);
  if (isActive(row)) return row;
  throw new AppError("conflict", { message: `The run has ended: it is ${row.status}.` });
}
