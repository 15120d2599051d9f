import type { Run } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps, WithStatistics } from "../run/deps.ts";
import { createScoringOrders } from "../run/order-scoring.ts";
import { createScoreRun, scoringJob } from "../run/score-run.ts";
import { toRun } from "../start/present.ts";
import { createUploads } from "../start/upload-run.ts";
import { createExperimentStore } from "../stores/experiment-store.ts";
import { createItemStore } from "../stores/item-store.ts";
import { createRunStore, type RunFilter, type RunRow } from "../stores/run-store.ts";
import { createRunItems } from "./run-items.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
/** Answers to the items of a dataset, made by an experiment or elsewhere, and their scores. */
export function createRuns(deps: EvalDeps & WithStatistics) {
  const { db, jobs, audit, clock, namesOf } = deps;
  const store = createRunStore(db);
  jobs.register(scoringJob, createScoreRun(deps));

  /** The job of an uploaded run cannot record its own failure. */
  async function settle(scope: Scope, row: RunRow): Promise<RunRow> {
    if (row.jobId === null || (row.status !== "queued" && row.status !== "running")) return row;
    const { status, endedAt } = await jobs.get(scope, row.jobId);
    if (status !== "failed" && status !== "cancelled") return row;
    const changes = { status, endedAt: new Date(endedAt ?? clock.now()) };
    await store.update(scope.projectId, row.id, changes);
    return { ...row, ...changes };
  }
  async function find(scope: Scope, runId: string): Promise<RunRow> {
    const row = await store.find(scope.projectId, runId);
    if (!row) throw notFound("run", runId);
    return settle(scope, row);
  }
  async function present(scope: Scope, rows: readonly RunRow[]): Promise<Run[]> {
    if (rows.length === 0) return [];
    const ids = [...new Set(rows.flatMap(({ experimentId }) => experimentId ?? []))];
    const experimentNames = await createExperimentStore(db).namesOf(scope.projectId, ids);
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map((row) =>
      toRun(row, { names, experimentName: row.experimentId && (experimentNames.get(row.experimentId) ?? null) }),
    );
  }
  async function get(scope: Scope, runId: string): Promise<Run> {
    const [run] = await present(scope, [await find(scope, runId)]);
    if (!run) throw notFound("run", runId);
    return run;
  }

  return {
    find,
    get,
    ...createUploads({ ...deps, find, get }),
    ...createScoringOrders({ ...deps, find, get }),
    listItems: createRunItems(db, find),

    async list(scope: Scope, { limit, cursor, ...filter }: RunFilter & Page) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const settled: RunRow[] = [];
      for (const row of page.items) settled.push(await settle(scope, row));
      return { ...page, items: await present(scope, settled) };
    },

    /** Those that exist, in no order. */
    async listByIds(scope: Scope, runIds: readonly string[]): Promise<Run[]> {
      const settled: RunRow[] = [];
      for (const row of await store.listByIds(scope.projectId, runIds)) settled.push(await settle(scope, row));
      return present(scope, settled);
    },

    async delete(scope: Scope, runId: string): Promise<void> {
      const row = await find(scope, runId);
      if (row.experimentId !== null)
        throw new AppError("conflict", {
          message: "The run belongs to an experiment. Delete the experiment instead.",
          details: { experimentId: row.experimentId },
        });
      if (row.status === "queued" || row.status === "running")
        throw new AppError("conflict", { message: "The run is being scored. Cancel its job first." });
      await db.transaction(async (tx) => {
        await createRunStore(tx).delete(scope.projectId, runId);
        await createItemStore(tx).sweep(scope.projectId, new Date(clock.now() - DAY_MS));
        await audit.record(scope, { action: "run.delete", target: runId, details: { name: row.name } }, tx);
      });
    },
  };
}
export type Runs = ReturnType<typeof createRuns>;
