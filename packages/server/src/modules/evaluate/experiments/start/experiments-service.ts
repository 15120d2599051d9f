import { createHash } from "node:crypto";
import type { Experiment, ExperimentBudget, ExperimentInput, ExperimentPatch } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps, WithStatistics } from "../run/deps.ts";
import { isUnderWay, refuseEnded } from "../run/job-standing.ts";
import { createRunExperiment, experimentJob } from "../run/run-experiment.ts";
import { createExperimentStore, type ExperimentFilter, type ExperimentRow } from "../stores/experiment-store.ts";
import { createItemStore } from "../stores/item-store.ts";
import { createResultRemoval } from "../stores/result-store.ts";
import { createRunStore } from "../stores/run-store.ts";
import type { VariantGuards } from "../stores/stored-input.ts";
import { toExperiment } from "./present.ts";
import { createSettling, type Settling } from "./settle-experiments.ts";
import { createStart } from "./start-experiment.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
/** A dataset answered by variants and scored, item by item. */
export function createExperiments(deps: EvalDeps & WithStatistics) {
  const { db, jobs, audit, clock } = deps;
  jobs.register(experimentJob, createRunExperiment(deps));
  const settling = createSettling(deps);
  const start = createStart(deps);
  const reads = createReads(deps, settling);
  const { find, get } = reads;

  return {
    list: reads.list,
    get,
    /** `guards` are those of the variants, in their order; none for experiments that compare something else. */
    start: async (scope: Scope, input: ExperimentInput, guards?: readonly VariantGuards[]): Promise<Experiment> =>
      get(scope, await start(scope, input, { guards })),

    /** Another start with the same key gives the first experiment, also after a crash. */
    async startOnce(scope: Scope, input: ExperimentInput, key: string): Promise<Experiment> {
      const id = keyedId(scope, key);
      const known = await createExperimentStore(db).find(scope.projectId, id);
      return get(scope, known ? id : await start(scope, input, { id }));
    },

    async update(scope: Scope, id: string, patch: ExperimentPatch): Promise<Experiment> {
      await find(scope, id);
      if (patch.baseline && !(await createRunStore(db).find(scope.projectId, patch.baseline)))
        throw notFound("run", patch.baseline);
      if (Object.keys(patch).length === 0) return get(scope, id);
      await db.transaction(async (tx) => {
        await createExperimentStore(tx).update(scope.projectId, id, patch);
        await audit.record(scope, { action: "experiment.update", target: id, details: patch }, tx);
      });
      return get(scope, id);
    },

    async delete(scope: Scope, id: string): Promise<void> {
      const row = await find(scope, id);
      if (isUnderWay(row)) throw new AppError("conflict", { message: "The experiment is running. Cancel it first." });
      await db.transaction(async (tx) => {
        await createExperimentStore(tx).delete(scope.projectId, id);
        await createItemStore(tx).sweep(scope.projectId, new Date(clock.now() - DAY_MS));
        await audit.record(scope, { action: "experiment.delete", target: id, details: { name: row.name } }, tx);
      });
    },

    async cancel(scope: Scope, id: string): Promise<Experiment> {
      const row = await find(scope, id);
      refuseEnded(row, "The experiment");
      await jobs.cancel(scope, row.jobId);
      await audit.record(scope, { action: "experiment.cancel", target: id, details: { name: row.name } }, db);
      return get(scope, id);
    },

    /** Continues with the remaining items. */
    async resume(
      scope: Scope,
      id: string,
      { budget, retryErrors }: { budget?: ExperimentBudget | undefined; retryErrors: boolean },
    ): Promise<Experiment> {
      const row = await find(scope, id);
      if (isUnderWay(row)) throw new AppError("conflict", { message: "The experiment is already running." });
      const { projectId } = scope;
      const order = {
        kind: experimentJob,
        payload: { experimentId: id },
        title: `Experiment ${row.name}`,
        subject: id,
      };
      await db.transaction(async (tx) => {
        const runs = await createRunStore(tx).listOf(projectId, [id]);
        if (retryErrors) await createResultRemoval(tx).deleteErrors(runs.map((run) => run.id));
        const jobId = await jobs.send(tx, scope, order);
        const again = { status: "queued" as const, endedAt: null };
        const input = { ...row.input, budget: budget ?? row.input.budget };
        await createExperimentStore(tx).update(projectId, id, { ...again, jobId, input, stopped: null, error: null });
        await createRunStore(tx).updateOf(projectId, id, again);
        await audit.record(scope, { action: "experiment.resume", target: id, details: { budget, jobId } }, tx);
      });
      return get(scope, id);
    },
  };
}

const KEYED_DIGITS = 26;

/** The id of an experiment that is started at most once for a key. */
const keyedId = ({ projectId }: Scope, key: string): string =>
  `exp_${createHash("sha256").update(`${projectId} ${key}`).digest("hex").slice(0, KEYED_DIGITS)}`;

function createReads({ db, datasets, namesOf }: EvalDeps, { settle, settleAll }: Settling) {
  const store = createExperimentStore(db);

  async function find(scope: Scope, id: string): Promise<ExperimentRow> {
    const row = await store.find(scope.projectId, id);
    if (!row) throw notFound("experiment", id);
    return settle(scope, row);
  }

  async function present(scope: Scope, rows: readonly ExperimentRow[]): Promise<Experiment[]> {
    if (rows.length === 0) return [];
    const runs = await createRunStore(db).listOf(
      scope.projectId,
      rows.map(({ id }) => id),
    );
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    const datasetNames = new Map<string, string>();
    for (const { datasetId } of rows)
      if (!datasetNames.has(datasetId)) datasetNames.set(datasetId, await nameOf(scope, datasetId));
    return rows.map((row) =>
      toExperiment(row, {
        names,
        datasetName: datasetNames.get(row.datasetId) ?? "",
        runs: runs.filter(({ experimentId }) => experimentId === row.id),
      }),
    );
  }

  /** Empty for a deleted dataset: its experiments stay. */
  async function nameOf(scope: Scope, datasetId: string): Promise<string> {
    try {
      return (await datasets.get(scope, datasetId)).name;
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") return "";
      throw error;
    }
  }

  return {
    find,
    async get(scope: Scope, id: string): Promise<Experiment> {
      const [experiment] = await present(scope, [await find(scope, id)]);
      if (!experiment) throw notFound("experiment", id);
      return experiment;
    },
    async list(scope: Scope, { limit, cursor, ...filter }: ExperimentFilter & Page) {
      await settleAll(scope);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await present(scope, page.items) };
    },
  };
}
