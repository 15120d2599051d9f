import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { dropCheckpoints, folderOf, placeOf } from "../job/run-folder.ts";
import { providerOf } from "../provider/remote-run.ts";
import { cancelRemote, failRemote, trainRemote } from "../provider/train-remote.ts";
import { TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createCheckpointStore } from "../stores/event-store.ts";
import { createQueueStore, createRunStore, isActive, type RunRow } from "../stores/store.ts";
import { createRunPlaces, type RunPlace } from "../trainer/run-place.ts";
import { finishRun } from "./finish-run.ts";
import { followRun } from "./follow-run.ts";
import { prepareRun } from "./prepare-run.ts";

const Payload = z.strictObject({ trainingRunId: z.string(), attempt: z.number() });
const State = z.strictObject({});
type Run = JobRun<z.output<typeof Payload>, z.output<typeof State>>;

export const trainingJob: JobKind<z.output<typeof Payload>, z.output<typeof State>> = {
  name: "training",
  payload: Payload,
  state: State,
};

/** Jobs that wait for the machine use no resources, so all can wait concurrently. The database contains their order. */
const MOST_WAITING = 1_000;

/**
 * Trains a model in a separate process. The process outlives this one: after a restart, the job starts again, finds the
 * process by its place and continues reading its events.
 */
export const createRunTraining = (
  deps: TrainingDeps,
): JobHandler<z.output<typeof Payload>, z.output<typeof State>> => ({
  concurrency: MOST_WAITING,
  isWhole: () => false,
  async run(run) {
    const { scope, payload } = run;
    const row = await createRunStore(deps.db).find(scope.projectId, payload.trainingRunId);
    if (!row) throw new AppError("not_found", { message: "The training run was deleted." });
    if (!isActive(row) || row.attempt !== payload.attempt) return { status: row.status };
    try {
      return { status: await train(deps, run, row) };
    } catch (error) {
      if (run.signal.aborted) await endIfCancelled(deps, run, row);
      else if (error instanceof AppError) return { status: await fail(deps, row, error) };
      throw error;
    }
  },
});

async function train(deps: TrainingDeps, run: Run, row: RunRow): Promise<RunRow["status"]> {
  if (providerOf(row.config) !== null) return trainRemote(deps, run, row);
  const at = await createRunPlaces(deps)(row);
  const place = placeOf(deps.folder, row);
  if (row.status === "queued") await (at.isHere ? waitForTurn(deps, run, row) : takeTurn(deps, row));
  if (await isNew(deps, run, { row, at })) await begin(deps, run, { row, at });
  const ending = await followRun(deps, await reread(deps, row), {
    at,
    place,
    signal: run.signal,
    async onChange({ progress, message }, tx) {
      run.report({ message, ...countsOf(progress) });
      await run.save({}, tx);
    },
  });
  return finishRun(deps, run.scope, { row: await reread(deps, row), ending });
}

/** Steps, or while an evaluation runs its batches. */
const countsOf = ({ step, totalSteps, evalBatches, evalTotalBatches }: RunRow["progress"]) =>
  evalBatches != null
    ? { unit: "batches", done: evalBatches, total: evalTotalBatches ?? null }
    : { unit: "steps", done: step ?? 0, total: totalSteps };

type Beginning = { readonly row: RunRow; readonly at: RunPlace };

/**
 * Whether no process was ever started for this attempt. A cluster that may have it, and does not respond, is polled for
 * a while.
 */
async function isNew(deps: TrainingDeps, run: Run, { row, at }: Beginning): Promise<boolean> {
  const { clusterMs, awayMs } = deps.timing ?? TRAINING_TIMING;
  const mostMs = row.status === "queued" ? 0 : awayMs;
  for (const startedAt = deps.clock.elapsed(); ; ) {
    try {
      return (await at.launcher.poll(placeOf(deps.folder, row))).kind === "unknown";
    } catch (error) {
      if (!(error instanceof AppError) || deps.clock.elapsed() - startedAt > mostMs) throw error;
      // It has reported events, and there may be more.
      if (row.status === "running" || row.status === "saving") return false;
      run.report({ message: error.message });
    }
    await delay(clusterMs, undefined, { signal: run.signal });
  }
}

const reread = async ({ db }: TrainingDeps, row: RunRow): Promise<RunRow> =>
  (await createRunStore(db).find(row.projectId, row.id)) ?? row;

/** A run elsewhere does not wait for this machine. */
async function takeTurn(deps: TrainingDeps, row: RunRow): Promise<void> {
  const startedAt = row.startedAt ?? new Date(deps.clock.now());
  await createRunStore(deps.db).move(row, ["queued"], { status: "preparing", message: "Preparing", startedAt });
}

/** One run at a time: more would each take longer than all after one another. */
async function waitForTurn(deps: TrainingDeps, run: Run, row: RunRow): Promise<void> {
  const { turnMs } = deps.timing ?? TRAINING_TIMING;
  const store = createRunStore(deps.db);
  for (;;) {
    const [next] = await createQueueStore(deps.db).listWaiting();
    const busy = await createQueueStore(deps.db).findBusy(row.id);
    if (next === row.id && !busy) {
      const startedAt = row.startedAt ?? new Date(deps.clock.now());
      const changes = { status: "preparing" as const, message: "Preparing", startedAt };
      if (await store.move(row, ["queued"], changes)) return;
      run.signal.throwIfAborted();
    }
    run.report({ message: busy ? `Waiting for ${busy.name}` : "Waiting in the queue", unit: "" });
    await delay(turnMs, undefined, { signal: run.signal });
  }
}

async function begin(deps: TrainingDeps, run: Run, { row, at }: Beginning): Promise<void> {
  const { scope, signal } = run;
  await dropAbandoned(deps);
  const place = placeOf(deps.folder, row);
  await prepareRun(deps, scope, {
    row: await reread(deps, row),
    place: at,
    signal,
    onStep: (message) => {
      run.report({ message });
      void reportMessage(deps, row, message);
    },
  });
  await at.launcher.submit({ ...place, ...(await at.commandFor(place.folder)) });
}

/** Days that the checkpoints of a run without a result stay, its newest one excepted. */
const KEPT_DAYS = 14;
/** Makes room before more is written: a run that was given up long ago can still be resumed, from its newest checkpoint alone. */
async function dropAbandoned({ db, clock, folder }: TrainingDeps): Promise<void> {
  for (const { id } of await createQueueStore(db).listAbandoned(new Date(clock.now() - KEPT_DAYS * DAY_MS))) {
    const rows = await createCheckpointStore(db).list(id);
    await dropCheckpoints(folderOf(folder, id), rows, new Set(rows.slice(0, 1).map(({ step }) => step)));
  }
}

const reportMessage = ({ db, log }: TrainingDeps, row: RunRow, message: string) =>
  createRunStore(db)
    .move(row, ["preparing"], { message })
    .catch((error: unknown) => log.warn({ error }, "the progress of a training run could not be written"));

/** When the job was cancelled from outside, its process goes too. When only the server stops, the process works on. */
async function endIfCancelled(deps: TrainingDeps, run: Run, row: RunRow): Promise<void> {
  const job = await deps.jobs.get(run.scope, run.jobId);
  if (job.isCancelling || job.status === "cancelled") await endCancelled(deps, run.scope, row);
}

/** Ends the process of a run without a follower, and stores its end. */
export async function endCancelled(deps: TrainingDeps, _scope: Scope, row: RunRow): Promise<void> {
  const { cancelGraceMs } = deps.timing ?? TRAINING_TIMING;
  const warning = await endProcess(deps, row, cancelGraceMs);
  const warnings = warning === null ? row.warnings : [...row.warnings, warning];
  const endedAt = new Date(deps.clock.now());
  const from = ["queued", "preparing", "running", "saving"] as const;
  await createRunStore(deps.db).move(row, from, { status: "cancelled", message: "Canceled", warnings, endedAt });
}

/**
 * The error if a run's process could not be ended. Null if it has ended. An unavailable cluster does not block
 * anything.
 */
async function endProcess(deps: TrainingDeps, row: RunRow, graceMs: number): Promise<string | null> {
  if (providerOf(row.config) !== null) return cancelRemote(deps, row);
  try {
    const { launcher } = await createRunPlaces(deps)(row);
    await launcher.stop(placeOf(deps.folder, row), { graceMs });
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `Its process may still be running, because it could not be stopped: ${error.message}`;
  }
}

/**
 * The error that stopped the run before or apart from its process. User errors are distinguished from platform errors.
 */
async function fail(deps: TrainingDeps, row: RunRow, error: AppError): Promise<RunRow["status"]> {
  if (providerOf(row.config) !== null) return failRemote(deps, row, error);
  const warning = await endProcess(deps, row, 0);
  const warnings = warning === null || warning.endsWith(error.message) ? row.warnings : [...row.warnings, warning];
  const isUsers = error.status < 500;
  const failure = {
    kind: isUsers ? ("user" as const) : ("platform" as const),
    code: error.code,
    message: error.message,
  };
  const whatToDo = isUsers ? "Fix the problem, then start the run again." : "Fix the problem, then resume the run.";
  await createRunStore(deps.db).update(row.projectId, row.id, {
    status: "failed",
    message: "Failed",
    error: { ...failure, whatToDo },
    warnings,
    endedAt: new Date(deps.clock.now()),
  });
  return "failed";
}
