import { rm } from "node:fs/promises";
import type { TrainingRun } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import { createRunQuestions } from "./ask-about-run.ts";
import { configSchema, readConfig, requireConfig } from "./config/read-config.ts";
import { createRunControls } from "./control-runs.ts";
import type { TrainingDeps } from "./deps.ts";
import { createFiles } from "./fine-tuning/files-service.ts";
import { createFineTuning } from "./fine-tuning/jobs-service.ts";
import { presentRun } from "./present.ts";
import { createRunReads } from "./read-runs.ts";
import { folderOf } from "./run-folder.ts";
import { createRunTraining, trainingJob } from "./run-training.ts";
import { createRunSettling } from "./settle-runs.ts";
import { startRun } from "./start-run.ts";
import { createQueueStore, createRunStore, isActive, type RunFilter, type RunRow } from "./store.ts";
import { createRowTracing } from "./trace-rows.ts";
import { createTrainer } from "./trainer/trainer-service.ts";
import { writeManifest } from "./write-manifest.ts";

type Listing = RunFilter & { readonly limit: number; readonly cursor?: string | undefined };

/** Runs that train models, each in a process of its own that outlives the server. */
export function createTraining(deps: TrainingDeps) {
  const { db, jobs, audit } = deps;
  jobs.register(trainingJob, createRunTraining(deps));
  const settling = createRunSettling(deps);
  const present = presenting(deps);
  const questions = createRunQuestions(deps);

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

    validate: (given: unknown) => readConfig(given),
    schema: configSchema,
    estimate: (scope: Scope, given: unknown, signal: AbortSignal) =>
      questions.estimate(scope, requireConfig(given), signal),
    preview: (scope: Scope, given: unknown, options: { readonly limit: number; readonly signal: AbortSignal }) =>
      questions.preview(scope, requireConfig(given), options),

    manifest: async (scope: Scope, given: unknown) => writeManifest(deps, scope, requireConfig(given)),

    /** Throws what is wrong before anything is computed. */
    async start(scope: Scope, { config, requestId }: { config: unknown; requestId?: string | undefined }) {
      const row = await startRun(deps, scope, { config: requireConfig(config), requestId: requestId ?? null });
      return presentOne(row);
    },

    stop: async (scope: Scope, id: string) => presentOne(await controls.stop(scope, id)),
    pause: async (scope: Scope, id: string) => presentOne(await controls.pause(scope, id)),
    resume: async (scope: Scope, id: string) => presentOne(await controls.resume(scope, id)),
    cancel: async (scope: Scope, id: string) => presentOne(await controls.cancel(scope, id)),
    save: async (scope: Scope, id: string) => presentOne(await controls.save(scope, id)),

    /** The name of a run that is under way on a compute target. */
    findRunOn: async (projectId: string, target: string): Promise<string | undefined> =>
      (await createQueueStore(db).findOn(projectId, target))?.name,

    async delete(scope: Scope, id: string): Promise<{ ok: true }> {
      const row = await find(scope, id);
      if (isActive(row))
        throw new AppError("conflict", { message: "The run is under way. Cancel it first, then delete it." });
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
