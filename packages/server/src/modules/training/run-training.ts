import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../platform/jobs/port.ts";
import { TRAINING_TIMING, type TrainingDeps } from "./deps.ts";
import { createCheckpointStore } from "./event-store.ts";
import { finishRun } from "./finish-run.ts";
import { followRun } from "./follow-run.ts";
import { prepareRun } from "./prepare-run.ts";
import { providerOf } from "./provider/remote-run.ts";
import { cancelRemote, failRemote, trainRemote } from "./provider/train-remote.ts";
import { dropCheckpoints, folderOf, placeOf } from "./run-folder.ts";
import { createRunPlaces, type RunPlace } from "./run-place.ts";
import { createQueueStore, createRunStore, isActive, type RunRow } from "./store.ts";

const Payload = z.strictObject({ trainingRunId: z.string(), attempt: z.number() });
const State = z.strictObject({});
type Run = JobRun<z.output<typeof Payload>, z.output<typeof State>>;

export const trainingJob: JobKind<z.output<typeof Payload>, z.output<typeof State>> = {
  name: "training",
  payload: Payload,
  state: State,
};

/** Jobs that wait for the machine hold nothing, so all may wait at once; whose turn it is stands in the database. */
const MOST_WAITING = 1_000;

/**
 * Trains a model in a process of its own. The process outlives this one: after a restart the job begins again, finds the process
 * by its place and goes on reading what it tells.
 */
export const createRunTraining = (
  deps: TrainingDeps,
): JobHandler<z.output<typeof Payload>, z.output<typeof State>> => ({
  concurrency: MOST_WAITING,
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
      run.report({ message, unit: "steps", done: progress.step ?? 0, total: progress.totalSteps });
      await run.save({}, tx);
    },
  });
  return finishRun(deps, run.scope, { row: await reread(deps, row), ending });
}

type Beginning = { readonly row: RunRow; readonly at: RunPlace };

/** Whether nothing was ever started for this try. A cluster that may have it, and does not answer, is asked again for a while. */
async function isNew(deps: TrainingDeps, run: Run, { row, at }: Beginning): Promise<boolean> {
  const { clusterMs, awayMs } = deps.timing ?? TRAINING_TIMING;
  const mostMs = row.status === "queued" ? 0 : awayMs;
  for (const startedAt = deps.clock.elapsed(); ; ) {
    try {
      return (await at.launcher.poll(placeOf(deps.folder, row))).kind === "unknown";
    } catch (error) {
      if (!(error instanceof AppError) || deps.clock.elapsed() - startedAt > mostMs) throw error;
      // It has told of itself, and may have told more meanwhile.
      if (row.status === "running" || row.status === "saving") return false;
      run.report({ message: error.message });
    }
    await delay(clusterMs, undefined, { signal: run.signal });
  }
}

const reread = async ({ db }: TrainingDeps, row: RunRow): Promise<RunRow> =>
  (await createRunStore(db).find(row.projectId, row.id)) ?? row;

/** What trains elsewhere waits for nobody here. */
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
    run.report({ message: busy ? `Waiting for ${busy.name}` : "Waiting for its turn", unit: "" });
    await delay(turnMs, undefined, { signal: run.signal });
  }
}

async function begin(deps: TrainingDeps, run: Run, { row, at }: Beginning): Promise<void> {
  const { scope, signal } = run;
  await dropAbandoned(deps);
  const place = placeOf(deps.folder, row);
  await prepareRun(deps, scope, {
    ...{ row: await reread(deps, row), place: at, signal },
    onStep: (message) => {
      run.report({ message });
      void tell(deps, row, message);
    },
  });
  await at.launcher.submit({ ...place, ...(await at.commandFor(place.folder)) });
}

/** Days that the checkpoints of a run without a result stay, its newest one excepted. */
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;

/** Makes room before more is written: a run that was given up long ago can still be resumed, from its newest checkpoint alone. */
async function dropAbandoned({ db, clock, folder }: TrainingDeps): Promise<void> {
  for (const { id } of await createQueueStore(db).listAbandoned(new Date(clock.now() - KEPT_DAYS * DAY_MS))) {
    const rows = await createCheckpointStore(db).list(id);
    await dropCheckpoints(folderOf(folder, id), rows, new Set(rows.slice(0, 1).map(({ step }) => step)));
  }
}

const tell = ({ db, log }: TrainingDeps, row: RunRow, message: string) =>
  createRunStore(db)
    .move(row, ["preparing"], { message })
    .catch((error: unknown) => log.warn({ error }, "the step of a training run could not be written"));

/** When the job was cancelled from outside, its process goes too. When only the server stops, the process works on. */
async function endIfCancelled(deps: TrainingDeps, run: Run, row: RunRow): Promise<void> {
  const job = await deps.jobs.get(run.scope, run.jobId);
  if (job.isCancelling || job.status === "cancelled") await endCancelled(deps, run.scope, row);
}

/** Ends the process of a run that nobody follows any more, and writes its end down. */
export async function endCancelled(deps: TrainingDeps, _scope: Scope, row: RunRow): Promise<void> {
  const { cancelGraceMs } = deps.timing ?? TRAINING_TIMING;
  const warning = await endProcess(deps, row, cancelGraceMs);
  const warnings = warning === null ? row.warnings : [...row.warnings, warning];
  const endedAt = new Date(deps.clock.now());
  const from = ["queued", "preparing", "running", "saving"] as const;
  await createRunStore(deps.db).move(row, from, { status: "cancelled", message: "Cancelled", warnings, endedAt });
}

/** What went wrong where the process of a run could not be ended; null when it is gone. A cluster that is away holds nothing up. */
async function endProcess(deps: TrainingDeps, row: RunRow, graceMs: number): Promise<string | null> {
  if (providerOf(row.config) !== null) return cancelRemote(deps, row);
  try {
    const { launcher } = await createRunPlaces(deps)(row);
    await launcher.stop(placeOf(deps.folder, row), { graceMs });
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `Its process may still run, since it could not be told to end: ${error.message}`;
  }
}

/** What stopped it before or beside its process. The asker's own mistakes are told apart from the platform's. */
async function fail(deps: TrainingDeps, row: RunRow, error: AppError): Promise<RunRow["status"]> {
  if (providerOf(row.config) !== null) return failRemote(deps, row, error);
  const warning = await endProcess(deps, row, 0);
  const warnings = warning === null || warning.endsWith(error.message) ? row.warnings : [...row.warnings, warning];
  const isUsers = error.status < 500;
  const told = { kind: isUsers ? ("user" as const) : ("platform" as const), code: error.code, message: error.message };
  const whatToDo = isUsers ? "Mend what it names, then start the run again." : "Resume the run when that is mended.";
  await createRunStore(deps.db).update(row.projectId, row.id, {
    ...{
      status: "failed",
      message: "Failed",
      error: { ...told, whatToDo },
      warnings,
      endedAt: new Date(deps.clock.now()),
    },
  });
  return "failed";
}
