import type { Optimisation, OptimisationInput } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { OptimisationDeps } from "./deps.ts";
import { estimateOptimisation, prepareOptimisation } from "./prepare-optimisation.ts";
import { createRunOptimisation, optimisationJob } from "./run-optimisation.ts";
import { saveDraft } from "./save-draft.ts";
import { createOptimisationStore, type OptimisationRow } from "./store.ts";

type Listing = { readonly limit: number; readonly cursor?: string | undefined; readonly prompt?: string | undefined };

const isActive = ({ status }: OptimisationRow) => status === "queued" || status === "running";

/** Searches for better prompts, each a job within a budget. */
export function createOptimisation(deps: OptimisationDeps) {
  const { db, jobs, audit, clock } = deps;
  jobs.register(optimisationJob, createRunOptimisation(deps));
  const { find, settle, present } = createReads(deps);

  return {
    get: async (scope: Scope, id: string): Promise<Optimisation> => present(scope, await find(scope, id)),

    async list(scope: Scope, { limit, cursor, prompt }: Listing) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createOptimisationStore(db).list(scope.projectId, prompt, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items = [];
      for (const row of page.items) {
        const { candidates, refused, test, ...item } = await present(scope, await settle(scope, row));
        items.push(item);
      }
      return { ...page, items };
    },

    estimate: (scope: Scope, input: OptimisationInput, signal: AbortSignal) =>
      estimateOptimisation(deps, scope, { input, signal }),

    /** Throws what is wrong with the input before anything is asked or paid. */
    async start(scope: Scope, asked: OptimisationInput): Promise<Optimisation> {
      for (const needed of ["gateway:use", "prompts:write"] as const)
        if (!scope.permissions.has(needed))
          throw new AppError("forbidden", {
            message: `A search calls models and saves the prompt it finds, which needs the permission \`${needed}\`.`,
          });
      const { input, prompt, root, scorers } = await prepareOptimisation(deps, scope, asked);
      const id = newId("opt", clock.now());
      const title = `Optimise ${input.prompt.name}`.slice(0, 200);
      await db.transaction(async (tx) => {
        const order = { kind: optimisationJob, payload: { optimisationId: id }, title, subject: id };
        const jobId = await jobs.send(tx, scope, order);
        await createOptimisationStore(tx).create({
          ...{ id, projectId: scope.projectId, name: input.name, root, input, content: prompt.content, jobId },
          ...{ promptName: input.prompt.name, promptVersion: prompt.version, scorers: [...scorers], parts: null },
          ...{ candidates: [], refused: [], curve: [], best: null, test: null, savedVersion: null, warnings: [] },
          ...{ status: "queued", stopped: null, message: "", answers: 0, reflections: 0 },
          spent: { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 },
          ...{ createdBy: scope.actor, createdAt: new Date(clock.now()), endedAt: null },
        });
        const details = { prompt: input.prompt, method: input.method, budget: input.budget, jobId };
        await audit.record(scope, { action: "optimisation.start", target: id, details }, tx);
      });
      return present(scope, await find(scope, id));
    },

    async cancel(scope: Scope, id: string): Promise<Optimisation> {
      const row = await find(scope, id);
      if (!isActive(row)) throw new AppError("conflict", { message: `The search has ended: it is ${row.status}.` });
      await jobs.cancel(scope, row.jobId);
      await audit.record(scope, { action: "optimisation.cancel", target: id, details: {} }, db);
      return present(scope, await find(scope, id));
    },

    /** Saves any prompt that was found, as a version without a label. */
    async save(scope: Scope, id: string, candidate: number): Promise<{ name: string; version: number }> {
      const row = await find(scope, id);
      const found = row.candidates[candidate];
      if (!found) throw notFound("candidate", `${id}/${candidate}`);
      const test = row.test?.candidate === candidate ? row.test : null;
      const { version } = await saveDraft(deps, scope, { row, candidate: found, test });
      if (candidate === row.best)
        await createOptimisationStore(db).update(scope.projectId, id, { savedVersion: version });
      return { name: row.promptName, version };
    },
  };
}
export type OptimisationService = ReturnType<typeof createOptimisation>;

function createReads({ db, jobs, clock, namesOf }: OptimisationDeps) {
  async function find(scope: Scope, id: string): Promise<OptimisationRow> {
    const row = await createOptimisationStore(db).find(scope.projectId, id);
    if (!row) throw notFound("optimisation", id);
    return settle(scope, row);
  }

  /** As its job says: one that was cancelled or has failed cannot say so itself. */
  async function settle(scope: Scope, row: OptimisationRow): Promise<OptimisationRow> {
    if (!isActive(row)) return row;
    const job = await jobs.get(scope, row.jobId);
    if (job.status !== "failed" && job.status !== "cancelled") return row;
    const changes = {
      status: job.status,
      message: job.error?.message ?? (job.status === "cancelled" ? "It was cancelled." : row.message),
      endedAt: new Date(job.endedAt ?? clock.now()),
    };
    await createOptimisationStore(db).update(scope.projectId, row.id, changes);
    return { ...row, ...changes };
  }

  async function present(scope: Scope, row: OptimisationRow): Promise<Optimisation> {
    const names = await namesOf(scope.projectId, [row.createdBy]);
    const { input, promptName, promptVersion, parts, candidates, refused, curve, best, test } = row;
    const { savedVersion, warnings, status, stopped, message, answers, reflections, spent, jobId } = row;
    const { model, reflectionModel, method, budget, alpha, margin } = input;
    return {
      ...{ optimisationId: row.id, name: row.name, prompt: { name: promptName, version: promptVersion } },
      ...{ model, reflectionModel, method, budget, alpha, margin },
      dataset: { datasetId: input.dataset.datasetId, version: input.dataset.version, root: row.root },
      scorer: row.scorers[0]?.key ?? "",
      ...{ parts, candidates, refused, curve, best, test, savedVersion, warnings, status, stopped, message },
      ...{ answers, reflections, spent, jobId, createdBy: names.get(row.createdBy) ?? row.createdBy },
      createdAt: row.createdAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  }
  return { find, settle, present };
}
