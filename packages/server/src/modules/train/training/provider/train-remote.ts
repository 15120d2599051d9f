import type { JobProgress } from "@treadle/contract";
import type { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { describeTraining, sourcesWithPrompts } from "../job/describe-training.ts";
import { TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import { withBackoff } from "./backoff.ts";
import { beginRemote } from "./begin-remote.ts";
import { followRemote } from "./follow-remote.ts";
import { createProviderClient, isPassing, type ProviderClient, type ProviderJob } from "./provider-client.ts";
import { endOf, failureOf } from "./provider-events.ts";
import { newRemote, providerOf, resultOf } from "./remote-run.ts";
import { requireConnection } from "./require-connection.ts";

/** The required parts of its job. */
type Run = {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  report(progress: Partial<JobProgress>): void;
  save(state: Record<string, never>, tx?: Postgres): Promise<void>;
};
const CANCEL_MS = 15_000;

/** Trains at a provider. The job there outlives this process: a new process finds it and continues reading. */
export async function trainRemote(deps: TrainingDeps, run: Run, first: RunRow): Promise<RunRow["status"]> {
  const { scope, signal } = run;
  const store = createRunStore(deps.db);
  const startedAt = first.startedAt ?? new Date(deps.clock.now());
  await store.move(first, ["queued"], { status: "preparing", message: "Preparing", startedAt });
  const client = await clientFor(deps, first, signal);
  const onStep = (message: string) => {
    run.report({ message });
    store
      .move(first, ["preparing"], { message })
      .catch((error: unknown) => deps.log.warn({ error }, "the progress of a training run could not be written"));
  };
  await takeUp(deps, { row: await reread(deps, first), client, signal, onStep });
  const row = await reread(deps, first);
  if (!row.remote?.jobId) await beginRemote(deps, scope, { row, client, signal, onStep });
  const begun = await reread(deps, first);
  const { remote } = begun;
  if (!remote?.jobId) throw new Error(`the job of the run ${row.id} was not recorded`);
  const job = await followRemote(deps, {
    row: begun,
    remote: { ...remote, jobId: remote.jobId },
    client,
    signal,
    async onChange({ progress, message }, tx) {
      run.report({ message, unit: "steps", done: progress.step ?? 0, total: progress.totalSteps });
      await run.save({}, tx);
    },
  });
  return finishRemote(deps, scope, { row: await reread(deps, first), job });
}

const reread = async ({ db }: TrainingDeps, row: RunRow): Promise<RunRow> =>
  (await createRunStore(db).find(row.projectId, row.id)) ?? row;

async function clientFor(deps: TrainingDeps, row: RunRow, signal: AbortSignal): Promise<ProviderClient> {
  const slug = providerOf(row.config)?.connection ?? "";
  return createProviderClient({ ...deps, signal }, await requireConnection(deps, row.projectId, slug));
}

type TakingUp = {
  readonly row: RunRow;
  readonly client: ProviderClient;
  readonly signal: AbortSignal;
  readonly onStep: (message: string) => void;
};

/** A resumed run continues its job if it is active. Otherwise a new one is created. */
async function takeUp(deps: TrainingDeps, { row, client, signal, onStep }: TakingUp): Promise<void> {
  const { remote, attempt } = row;
  if (remote === null || remote.attempt === attempt || remote.jobId === null) return;
  const { jobId } = remote;
  const { providerWaitMs: firstMs } = deps.timing ?? TRAINING_TIMING;
  const patience = { signal, firstMs, onWait: onStep };
  const end = endOf(await withBackoff(() => client.job(jobId), patience));
  if (end === "paused") await withBackoff(() => client.tell(jobId, "resume"), patience);
  const isOver = end === "failed" || end === "cancelled";
  const next = isOver ? newRemote(attempt) : { ...remote, attempt };
  await createRunStore(deps.db).update(row.projectId, row.id, { remote: next });
}

/** Writes down how it ended. A result goes to the registry first; asked again after a crash, it is the same version there. */
async function finishRemote(
  { db, clock, registry }: TrainingDeps,
  scope: Scope,
  { row, job }: { readonly row: RunRow; readonly job: ProviderJob },
): Promise<RunRow["status"]> {
  const store = createRunStore(db);
  const end = endOf(job) ?? "failed";
  const endedAt = new Date(clock.now());
  const write = (changes: Parameters<typeof store.update>[2]) => store.update(row.projectId, row.id, changes);
  if (end === "paused" || end === "cancelled") {
    await write({ status: end, message: end === "paused" ? "Paused" : "Canceled", error: null, endedAt });
    return end;
  }
  const result = resultOf(row);
  if (end === "failed" || result === null) {
    const error = end === "failed" ? failureOf(job) : NO_RESULT;
    await write({ status: "failed", message: "Failed", error, endedAt });
    return "failed";
  }
  await write({ status: "saving", message: "Saving the result", error: null });
  const { config, progress } = row;
  const model = config.export.register
    ? await registry.registerVersion({
        scope,
        name: row.name,
        runId: row.id,
        baseRef: baseRefOf(row),
        baseHash: "",
        remote: result,
        sources: sourcesWithPrompts(row),
        folder: "",
        artifacts: [],
        training: await describeTraining(config, null),
        evalLoss: progress.bestEvalLoss ?? progress.evalLoss,
      })
    : null;
  const version = model && { name: model.name, version: model.version };
  await write({ status: "succeeded", message: "Done", model: version, endedAt: new Date(clock.now()) });
  return "succeeded";
}

const NO_RESULT = {
  kind: "platform" as const,
  code: "no_result",
  message: "The provider reports success but names no model.",
  whatToDo: "Check the job at the provider.",
};

/** The base, as the gateway names it. */
const baseRefOf = ({ config }: RunRow): string =>
  `${providerOf(config)?.connection ?? ""}/${providerOf(config)?.model ?? config.base_model}`;

/** The error that stopped a run apart from its job. The job itself continues. */
export async function failRemote({ db, clock }: TrainingDeps, row: RunRow, error: AppError): Promise<"failed"> {
  const isTheirs = isPassing(error) || error.status >= 500;
  const whatToDo = isTheirs
    ? "Resume the run. It continues with the existing job."
    : "Fix the problem. If a job exists at the provider, resume the run to continue that job. Otherwise start a new run.";
  await createRunStore(db).update(row.projectId, row.id, {
    status: "failed",
    message: "Failed",
    endedAt: new Date(clock.now()),
    error: { kind: isTheirs ? "platform" : "user", code: error.code, message: error.message, whatToDo },
  });
  return "failed";
}

/**
 * Cancels the job of a run without a follower, also one that was requested without a received name. Returns the error,
 * or null.
 */
export async function cancelRemote(deps: TrainingDeps, row: RunRow): Promise<string | null> {
  const remote = (await reread(deps, row)).remote;
  if (remote === null || !remote.isAsked) return null;
  try {
    const client = await clientFor(deps, row, AbortSignal.timeout(CANCEL_MS));
    const metadata = { treadle_run: row.id, treadle_attempt: String(remote.attempt) };
    const trainingFile = remote.trainingFile ?? "";
    const jobId = remote.jobId ?? (await client.find({ metadata, trainingFile }))?.id;
    if (jobId !== undefined) await client.tell(jobId, "cancel");
    return null;
  } catch (error) {
    deps.log.warn({ error, run: row.id }, "the job of a run could not be canceled at its provider");
    return `The job could not be canceled at the provider and may continue: ${error instanceof Error ? error.message : error}`;
  }
}
