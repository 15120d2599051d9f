import type { Sweep, SweepInput, SweepTrial } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createSearchSettling, isUnderWay } from "../../evaluate/experiments/index.ts";
import { checkSweep } from "./check-sweep.ts";
import { concludeSweep } from "./conclude-sweep.ts";
import type { SweepDeps } from "./deps.ts";
import { createRunSweep, sweepJob } from "./run-sweep.ts";
import { createSweepStore, type SweepRow } from "./store.ts";

/** Searches over the settings of training, each a job that runs one training after another. */
export function createSweeps(deps: SweepDeps) {
  const { db, jobs, audit, clock, training } = deps;
  jobs.register(sweepJob, createRunSweep(deps));
  const settling = createSearchSettling<SweepRow>({ jobs, clock, ...createSweepStore(db) });

  const { find, present } = createReads(deps, settling);

  return {
    get: async (scope: Scope, id: string): Promise<Sweep> => present(scope, await find(scope, id)),

    async list(
      scope: Scope,
      { limit, cursor, search }: { limit: number; cursor?: string | undefined; search: string },
    ) {
      await settling.settleAll(scope);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createSweepStore(db).list(scope.projectId, search, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items = [];
      for (const row of page.items) {
        const { trialList, ...item } = await present(scope, row);
        items.push(item);
      }
      return { ...page, items };
    },

    async start(scope: Scope, input: SweepInput): Promise<Sweep> {
      await checkSweep(training, scope, input);
      const row = newSweep(scope, input, clock.now());
      const { id } = row;
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, orderOf(row));
        await createSweepStore(tx).create({ ...row, jobId });
        const { search, method, trials } = input;
        await audit.record(
          scope,
          { action: "sweep.start", target: id, details: { search, method, trials, jobId } },
          tx,
        );
      });
      return present(scope, await find(scope, id));
    },

    async cancel(scope: Scope, id: string): Promise<Sweep> {
      const row = await find(scope, id);
      await settling.cancel(scope, row);
      await cancelRunning(deps, scope, row);
      await audit.record(scope, { action: "sweep.cancel", target: id, details: {} }, db);
      return present(scope, await find(scope, id));
    },

    async resume(scope: Scope, id: string): Promise<Sweep> {
      const row = await find(scope, id);
      if (isUnderWay(row) || row.status === "done")
        throw new AppError("conflict", {
          message: `The search ${row.status === "done" ? "is done" : "is already running"}.`,
        });
      await training.requireParts(scope, row.input.config);
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, orderOf(row));
        const again = { status: "queued" as const, message: "", endedAt: null, jobId, trials: row.trials.map(closed) };
        await createSweepStore(tx).update(scope.projectId, id, again);
        await audit.record(scope, { action: "sweep.resume", target: id, details: { jobId } }, tx);
      });
      return present(scope, await find(scope, id));
    },

    async remove(scope: Scope, id: string): Promise<{ ok: true }> {
      const row = await find(scope, id);
      if (isUnderWay(row)) throw new AppError("conflict", { message: "The search is running. Cancel it first." });
      await db.transaction(async (tx) => {
        await createSweepStore(tx).remove(scope.projectId, id);
        await audit.record(scope, { action: "sweep.delete", target: id, details: { name: row.name } }, tx);
      });
      return { ok: true };
    },
  };
}
export type SweepService = ReturnType<typeof createSweeps>;

const newSweep = ({ projectId, actor }: Scope, input: SweepInput, now: number): Omit<SweepRow, "jobId"> => ({
  id: newId("swp", now),
  projectId,
  name: input.name,
  input,
  trials: [],
  status: "queued",
  message: "",
  createdBy: actor,
  createdAt: new Date(now),
  endedAt: null,
});

/** The stopped trial has no value, and is repeated under a new number. */
const closed = (trial: SweepTrial): SweepTrial =>
  trial.status === "running" ? { ...trial, status: "failed", message: "It was canceled." } : trial;

/** Stops the active trial's run. */
async function cancelRunning({ training }: SweepDeps, scope: Scope, { trials }: SweepRow): Promise<void> {
  const running = trials.find(({ status }) => status === "running");
  if (!running?.trainingRunId) return;
  await training.cancel(scope, running.trainingRunId).catch((error: unknown) => {
    // It has ended in the meantime, or was deleted.
    if (!(error instanceof AppError)) throw error;
  });
}

type Settling = ReturnType<typeof createSearchSettling<SweepRow>>;

function createReads({ db, namesOf }: SweepDeps, settling: Settling) {
  async function find(scope: Scope, id: string): Promise<SweepRow> {
    const row = await createSweepStore(db).find(scope.projectId, id);
    if (!row) throw notFound("search", id);
    return settling.settle(scope, row);
  }

  async function present(scope: Scope, row: SweepRow): Promise<Sweep> {
    const names = await namesOf(scope.projectId, [row.createdBy]);
    const { id, input, trials, status, message, jobId, createdBy, createdAt, endedAt } = row;
    return {
      ...input,
      sweepId: id,
      status,
      message,
      jobId,
      trialsMade: trials.length,
      trialList: trials,
      result: concludeSweep(trials, input),
      createdBy: names.get(createdBy) ?? createdBy,
      createdAt: createdAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    };
  }

  return { find, present };
}

const orderOf = ({ id, name }: Pick<SweepRow, "id" | "name">) => ({
  kind: sweepJob,
  payload: { sweepId: id },
  subject: id,
  title: `Search settings: ${name}`.slice(0, 200),
});
