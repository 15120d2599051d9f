import { rm } from "node:fs/promises";
import type { TrainingRun, TrainingValidation } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { configSchema, readConfig, requireConfig } from "./config/read-config.ts";
import { createFiles } from "./fine-tuning/files-service.ts";
import { createFineTuning } from "./fine-tuning/jobs-service.ts";
import { folderOf } from "./job/run-folder.ts";
import { createRunQuestions } from "./runs/ask-about-run.ts";
import { createRunControls } from "./runs/control-runs.ts";
import { createEstimates } from "./runs/estimate-job.ts";
import { findMissing } from "./runs/find-missing.ts";
import { presentRun } from "./runs/present.ts";
import { createRunReads } from "./runs/read-runs.ts";
import { createRunTraining, trainingJob } from "./runs/run-training.ts";
import { createRunSettling } from "./runs/settle-runs.ts";
import { requireParts, startRun } from "./runs/start-run.ts";
import { createRowTracing } from "./runs/trace-rows.ts";
import { writeManifest } from "./runs/write-manifest.ts";
import type { TrainingDeps } from "./stores/deps.ts";
import { createQueueStore, createRunStore, isActive, type RunFilter, type RunRow } from "./stores/store.ts";
import { createTrainer } from "./trainer/trainer-service.ts";

type Listing = RunFilter & { readonly limit: number; readonly cursor?: string | undefined };

/** Training runs, each in a separate process that outlives the server. */
export function createTraining(deps: TrainingDeps) {
  const { db, jobs, audit } = deps;
  jobs.register(trainingJob, createRunTraining(deps));
  const settling = createRunSettling(deps);
  const present = presenting(deps);
  const questions = createRunQuestions(deps);
  const estimates = createEstimates(deps, questions);

  async function find(scope: Scope, id: string): Promise<RunRow> {
    const row = await createRunStore(db).find(scope.projectId, id);
    if (!row) throw notFound("training run", id);
    return settling.settle(scope, row);
  }
  const controls = createRunControls(deps, find);
  const get = async (scope: Scope, id: string): Promise<TrainingRun> => presentOne(await find(scope, id));
  const presentOne = async (row: RunRow) => (await present([row]))[0] ?? fail(row);

  return {
    get,
    trainer: createTrainer(deps),
    reads: createRunReads(deps, find),
    rows: createRowTracing(deps, present),
    files: createFiles(deps),
    fineTuning: createFineTuning(deps, { find, controls }),

    async list(scope: Scope, { limit, cursor, ...filter }: Listing) {
      await settling.settleAll(scope);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createRunStore(db).list(scope.projectId, filter, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await present(page.items) };
    },

    /** Reads a configuration without a look at what it names. */
    read: (given: unknown) => readConfig(given),
    /** Reads a configuration, and finds what it names that is not there. */
    async validate(scope: Scope, given: unknown, signal: AbortSignal): Promise<TrainingValidation> {
      const read = readConfig(given);
      if (read.config === null) return read;
      const problems = await findMissing(deps, scope, { config: read.config, signal });
      return problems.length === 0 ? read : { ...read, config: null, problems };
    },
    /** Throws what `start` would throw, and starts nothing. */
    requireParts: (scope: Scope, given: unknown) => requireParts(deps, scope, requireConfig(given)),
    schema: configSchema,
    startEstimate: async (scope: Scope, given: unknown) => estimates.start(scope, requireConfig(given)),
    getEstimate: estimates.get,
    preview: (scope: Scope, given: unknown, options: { readonly limit: number; readonly signal: AbortSignal }) =>
      questions.preview(scope, requireConfig(given), options),

    manifest: async (scope: Scope, given: unknown) => writeManifest(deps, scope, requireConfig(given)),

    /** Throws what is wrong before anything is computed. */
    async start(scope: Scope, { config, requestId }: { config: unknown; requestId?: string | undefined }) {
      const row = await startRun(deps, scope, { config: requireConfig(config), requestId: requestId ?? null });
      return presentOne(row);
    },

    stop: async (scope: Scope, id: string, result: TrainingRun["wantedResult"] = null) =>
      presentOne(await controls.stop(scope, id, result)),
    pause: async (scope: Scope, id: string) => presentOne(await controls.pause(scope, id)),
    resume: async (scope: Scope, id: string) => presentOne(await controls.resume(scope, id)),
    cancel: async (scope: Scope, id: string) => presentOne(await controls.cancel(scope, id)),
    save: async (scope: Scope, id: string) => presentOne(await controls.save(scope, id)),

    /** The name of an active run on a compute target. */
    findRunOn: async (projectId: string, target: string): Promise<string | undefined> =>
      (await createQueueStore(db).findOn(projectId, target))?.name,

    async delete(scope: Scope, id: string): Promise<{ ok: true }> {
      const row = await find(scope, id);
      if (isActive(row))
        throw new AppError("conflict", { message: "The run is in progress. Cancel it first, then delete it." });
      await createRunStore(db).delete(scope.projectId, id);
      await rm(folderOf(deps.folder, id), { recursive: true, force: true });
      await audit.record(scope, { action: "training.delete", target: id, details: { name: row.name } }, db);
      return { ok: true };
    },
  };
}
export type Training = ReturnType<typeof createTraining>;

const presenting =
  ({ db, namesOf }: TrainingDeps) =>
  async (rows: readonly RunRow[]): Promise<TrainingRun[]> => {
    const [first] = rows;
    if (!first) return [];
    const names = await namesOf(first.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    const waiting = rows.some(({ status }) => status === "queued") ? await createQueueStore(db).listWaiting() : [];
    return rows.map((row) => presentRun(row, { names, waiting }));
  };

function fail(row: RunRow): never {
  throw new Error(`the run ${row.id} was not presented`);
}
