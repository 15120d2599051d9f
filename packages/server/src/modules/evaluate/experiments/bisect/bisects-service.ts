import type { Bisect, BisectInput } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Named } from "../results/compare-runs.ts";
import { toHead } from "../results/paired-values.ts";
import { createSearchSettling } from "../run/job-standing.ts";
import { type BisectRow, createBisectStore } from "./bisect-store.ts";
import { findWay, openEnds } from "./open-ends.ts";
import { type BisectDeps, bisectJob, createRunBisect } from "./run-bisect.ts";

type Deps = BisectDeps & { named(scope: Scope, runId: string): Promise<Named> };
type Listing = { readonly limit: number; readonly cursor?: string | undefined; readonly runId?: string | undefined };

/** Searches for the change that made a score fall. */
export function createBisects(deps: Deps) {
  const { db, jobs, audit, clock } = deps;
  jobs.register(bisectJob, createRunBisect(deps));

  const settling = createSearchSettling<BisectRow>({ jobs, clock, ...createBisectStore(db) });
  const { find, present } = createReads(deps, settling);

  return {
    get: async (scope: Scope, id: string): Promise<Bisect> => present(scope, await find(scope, id)),

    async list(scope: Scope, { limit, cursor, runId }: Listing) {
      await settling.settleAll(scope);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createBisectStore(db).list(scope.projectId, runId, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items: Bisect[] = [];
      for (const row of page.items) items.push(await present(scope, row));
      return { ...page, items };
    },

    /** Throws the problems of the two runs before any call. */
    async start(scope: Scope, input: BisectInput): Promise<Bisect> {
      if (!scope.permissions.has("gateway:use"))
        throw new AppError("forbidden", {
          message: "A bisect calls models, which needs the permission `gateway:use`.",
        });
      const [good, bad] = [await deps.find(scope, input.good), await deps.find(scope, input.bad)];
      const ends = await openEnds(db, scope, { good, bad, key: input.scorer });
      const { steps } = await findWay(deps, scope, ends);
      const id = newId("bis", clock.now());
      const title = `Find what made ${ends.bad.scorer.name} worse`.slice(0, 200);
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, { kind: bisectJob, payload: { bisectId: id }, title, subject: id });
        await createBisectStore(tx).create({
          id,
          projectId: scope.projectId,
          goodRunId: good.id,
          badRunId: bad.id,
          scorer: ends.bad.scorer.key,
          input,
          steps: [...steps],
          states: {},
          probes: [],
          findings: [],
          total: null,
          status: "queued",
          outcome: null,
          message: "",
          spent: { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 },
          jobId,
          createdBy: scope.actor,
          createdAt: new Date(clock.now()),
          endedAt: null,
        });
        const details = { good: good.id, bad: bad.id, scorer: ends.bad.scorer.key, budget: input.budget, jobId };
        await audit.record(scope, { action: "bisect.start", target: id, details }, tx);
      });
      return present(scope, await find(scope, id));
    },

    async cancel(scope: Scope, id: string): Promise<Bisect> {
      const row = await find(scope, id);
      await settling.cancel(scope, row);
      await audit.record(scope, { action: "bisect.cancel", target: id, details: {} }, db);
      return present(scope, await find(scope, id));
    },
  };
}
export type Bisects = ReturnType<typeof createBisects>;

type Settling = ReturnType<typeof createSearchSettling<BisectRow>>;

function createReads({ db, named, namesOf }: Deps, { settle }: Settling) {
  async function find(scope: Scope, id: string): Promise<BisectRow> {
    const row = await createBisectStore(db).find(scope.projectId, id);
    if (!row) throw notFound("bisect", id);
    return settle(scope, row);
  }

  async function present(scope: Scope, row: BisectRow): Promise<Bisect> {
    const names = await namesOf(scope.projectId, [row.createdBy]);
    const [good, bad] = [await named(scope, row.goodRunId), await named(scope, row.badRunId)];
    const { input, steps, probes, total, findings, status, outcome, message, spent, jobId } = row;
    return {
      bisectId: row.id,
      scorer: row.scorer,
      alpha: input.alpha,
      margin: input.margin,
      budget: input.budget,
      good: toHead(good.row, good.experimentName),
      bad: toHead(bad.row, bad.experimentName),
      steps,
      probes,
      total,
      findings,
      status,
      outcome,
      message,
      spent,
      jobId,
      createdBy: names.get(row.createdBy) ?? row.createdBy,
      createdAt: row.createdAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  }
  return { find, present };
}
