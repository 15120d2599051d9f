import type {
  ExperimentBudget,
  PairwiseEstimate,
  PairwiseInput,
  PairwiseJudging,
  VerdictsQuery,
} from "@treadle/contract";
import type { z } from "zod";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { toHead } from "../results/paired-values.ts";
import { isUnderWay, refuseEnded, standingOf } from "../run/job-standing.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { estimateJudging } from "./estimate-judging.ts";
import { createJudgingStore, type JudgingFilter, type JudgingRow } from "./judging-store.ts";
import { listVerdicts } from "./list-verdicts.ts";
import { drawShared, type JudgingDeps, type Opened, openJudging } from "./open-judging.ts";
import { createRunJudging, judgingJob } from "./run-judging.ts";
import { createVerdictStore } from "./verdict-store.ts";

type Deps = JudgingDeps & { readonly statistics: Statistics };
type Listing = JudgingFilter & { readonly limit: number; readonly cursor?: string | undefined };

const orderOf = ({ id, heads }: Pick<JudgingRow, "id" | "heads">) => ({
  kind: judgingJob,
  payload: { judgingId: id },
  title: `Judge ${heads.map(({ name }) => name).join(" against ")}`.slice(0, 200),
  subject: id,
});

/** Runs that a judge holds against each other. */
export function createJudgings(deps: Deps) {
  const { db, jobs, audit, clock } = deps;
  jobs.register(judgingJob, createRunJudging(deps));
  const { find, settle, present } = createReads(deps);

  return {
    get: async (scope: Scope, id: string): Promise<PairwiseJudging> => present(scope, await find(scope, id)),

    async list(scope: Scope, { limit, cursor, ...filter }: Listing) {
      const store = createJudgingStore(db);
      for (const row of await store.listActive(scope.projectId)) await settle(scope, row);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items: PairwiseJudging[] = [];
      for (const row of page.items) items.push(await present(scope, row));
      return { ...page, items };
    },

    listVerdicts: async (scope: Scope, id: string, query: z.output<typeof VerdictsQuery>) =>
      listVerdicts(deps, scope, { row: await find(scope, id), query }),

    estimate: (scope: Scope, input: PairwiseInput): Promise<PairwiseEstimate> => estimateJudging(deps, scope, input),

    /** Throws the problems of the runs or the judge before any call. */
    async start(scope: Scope, asked: PairwiseInput): Promise<PairwiseJudging> {
      refuseWithoutModels(scope);
      const opened = await openJudging(deps, scope, asked);
      const drawn = await drawShared(deps, opened.input);
      const row = newJudging(scope, { opened, drawn, now: clock.now() });
      const { id, input, judge } = row;
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, orderOf(row));
        await createJudgingStore(tx).create({ ...row, jobId });
        const details = { runs: input.runs, judge: judge.name, budget: input.budget, jobId };
        await audit.record(scope, { action: "pairwise-judging.start", target: id, details }, tx);
      });
      return present(scope, await find(scope, id));
    },

    async cancel(scope: Scope, id: string): Promise<PairwiseJudging> {
      const row = await find(scope, id);
      refuseEnded(row, "The judging");
      await jobs.cancel(scope, row.jobId);
      await audit.record(scope, { action: "pairwise-judging.cancel", target: id, details: {} }, db);
      return present(scope, await find(scope, id));
    },

    /** Continues with the remaining pairs. */
    async resume(
      scope: Scope,
      id: string,
      { budget }: { budget?: ExperimentBudget | undefined },
    ): Promise<PairwiseJudging> {
      refuseWithoutModels(scope);
      const row = await find(scope, id);
      if (isUnderWay(row)) throw new AppError("conflict", { message: "This comparison is already running." });
      await db.transaction(async (tx) => {
        await createVerdictStore(tx).deleteFailed(id);
        const jobId = await jobs.send(tx, scope, orderOf(row));
        const input = { ...row.input, budget: budget ?? row.input.budget };
        const again = { status: "queued" as const, stopped: null, error: null, endedAt: null };
        await createJudgingStore(tx).update(scope.projectId, id, { ...again, jobId, input });
        await audit.record(scope, { action: "pairwise-judging.resume", target: id, details: { budget, jobId } }, tx);
      });
      return present(scope, await find(scope, id));
    },
  };
}
export type Judgings = ReturnType<typeof createJudgings>;

type NewJudging = {
  readonly opened: Opened;
  readonly drawn: Awaited<ReturnType<typeof drawShared>>;
  readonly now: number;
};

function newJudging({ projectId, actor }: Scope, { opened, drawn, now }: NewJudging): Omit<JudgingRow, "jobId"> {
  const { input, runs, judge, warnings } = opened;
  return {
    id: newId("pj", now),
    projectId,
    datasetId: runs[0]?.row.datasetId ?? null,
    heads: runs.map(({ row, experimentName }) => toHead(row, experimentName)),
    input,
    judge,
    items: drawn.itemIds.length,
    leftOut: drawn.leftOut,
    result: null,
    warnings: [...warnings],
    status: "queued",
    stopped: null,
    error: null,
    spent: { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 },
    createdBy: actor,
    createdAt: new Date(now),
    endedAt: null,
  };
}

function refuseWithoutModels(scope: Scope): void {
  if (scope.permissions.has("gateway:use")) return;
  throw new AppError("forbidden", { message: "A judge calls a model, which needs the permission `gateway:use`." });
}

function createReads({ db, jobs, clock, namesOf }: Deps) {
  async function find(scope: Scope, id: string): Promise<JudgingRow> {
    const row = await createJudgingStore(db).find(scope.projectId, id);
    if (!row) throw notFound("pairwise judging", id);
    return settle(scope, row);
  }

  /** The status from its job: a cancelled or failed comparison cannot record this itself. */
  async function settle(scope: Scope, row: JudgingRow): Promise<JudgingRow> {
    if (!isUnderWay(row)) return row;
    const { ending } = await standingOf({ jobs, clock }, scope, { jobId: row.jobId, what: "the judging" });
    if (ending === null) return row;
    const { status, message: error, endedAt } = ending;
    const changes = { status, error, endedAt };
    await createJudgingStore(db).update(scope.projectId, row.id, changes);
    return { ...row, ...changes };
  }

  async function present(scope: Scope, row: JudgingRow): Promise<PairwiseJudging> {
    const names = await namesOf(scope.projectId, [row.createdBy]);
    const { input, heads, datasetId, judge, items, leftOut, result, warnings, status, stopped, error, spent } = row;
    const { pairing, alpha, margin, budget } = input;
    const pairs = pairing === "first" ? heads.length - 1 : (heads.length * (heads.length - 1)) / 2;
    return {
      judgingId: row.id,
      runs: heads,
      datasetId,
      judge,
      pairing,
      items,
      leftOut,
      result,
      warnings,
      alpha,
      margin,
      planned: items === null ? null : items * pairs,
      done: await createVerdictStore(db).count(row.id),
      budget,
      status,
      stopped,
      error,
      spent,
      jobId: row.jobId,
      createdBy: names.get(row.createdBy) ?? row.createdBy,
      createdAt: row.createdAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  }
  return { find, settle, present };
}
