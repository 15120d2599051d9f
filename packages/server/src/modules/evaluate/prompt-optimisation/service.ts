import type { Optimisation, OptimisationInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createSearchSettling, isUnderWay } from "../experiments/index.ts";
import { estimateOptimisation, type Prepared, prepareOptimisation } from "./run/prepare-optimisation.ts";
import { createRunOptimisation, optimisationJob } from "./run/run-optimisation.ts";
import { saveDraft, savedWith } from "./run/save-draft.ts";
import type { OptimisationDeps } from "./stores/deps.ts";
import { createOptimisationStore, type OptimisationFilter, type OptimisationRow } from "./stores/store.ts";

const UNKNOWN_OUTPUT: Optimisation["output"] = { type: "number", min: null, max: null, direction: "higher", unit: "" };

type Listing = OptimisationFilter & { readonly limit: number; readonly cursor?: string | undefined };

/** Searches for better prompts, each a job within a budget. */
export function createOptimisation(deps: OptimisationDeps) {
  const { db, jobs, audit, clock } = deps;
  jobs.register(optimisationJob, createRunOptimisation(deps));
  const settling = createSearchSettling<OptimisationRow>({ jobs, clock, ...createOptimisationStore(db) });
  const { find, present } = createReads(deps, settling);

  return {
    get: async (scope: Scope, id: string): Promise<Optimisation> => present(scope, await find(scope, id)),

    async list(scope: Scope, { limit, cursor, ...filter }: Listing) {
      await settling.settleAll(scope);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createOptimisationStore(db).list(scope.projectId, filter, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items = [];
      for (const row of page.items) {
        const { candidates, refused, test, ...item } = await present(scope, row);
        items.push(item);
      }
      return { ...page, items };
    },

    estimate: (scope: Scope, input: OptimisationInput, signal: AbortSignal) =>
      estimateOptimisation(deps, scope, { input, signal }),

    /** Throws the problems of the input before any call. */
    async start(scope: Scope, asked: OptimisationInput): Promise<Optimisation> {
      requireRights(scope);
      const row = newSearch(scope, await prepareOptimisation(deps, scope, asked), clock.now());
      const { id, input } = row;
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, orderOf(row));
        await createOptimisationStore(tx).create({ ...row, jobId });
        const details = { prompt: input.prompt, method: input.method, budget: input.budget, jobId };
        await audit.record(scope, { action: "optimisation.start", target: id, details }, tx);
      });
      return present(scope, await find(scope, id));
    },

    async cancel(scope: Scope, id: string): Promise<Optimisation> {
      const row = await find(scope, id);
      await settling.cancel(scope, row);
      await audit.record(scope, { action: "optimisation.cancel", target: id, details: {} }, db);
      return present(scope, await find(scope, id));
    },

    /**
     * Continues a cancelled or failed search. A finished search has used the test items, so continuing would fit the
     * prompt to them.
     */
    async resume(scope: Scope, id: string): Promise<Optimisation> {
      requireRights(scope);
      const row = await find(scope, id);
      refuseResuming(row);
      await db.transaction(async (tx) => {
        const jobId = await jobs.send(tx, scope, orderOf(row));
        const again = { status: "queued" as const, stopped: null, message: "", endedAt: null, jobId };
        await createOptimisationStore(tx).update(scope.projectId, id, again);
        await audit.record(scope, { action: "optimisation.resume", target: id, details: { jobId } }, tx);
      });
      return present(scope, await find(scope, id));
    },

    /** Saves any prompt that was found, as a version without a label. */
    async save(scope: Scope, id: string, candidate: number): Promise<{ name: string; version: number }> {
      const row = await find(scope, id);
      const candidateRow = row.candidates[candidate];
      if (!candidateRow) throw notFound("candidate", `${id}/${candidate}`);
      const test = row.test?.candidate === candidate ? row.test : null;
      const { version } = await saveDraft(deps, scope, { row, candidate: candidateRow, test });
      const saved = savedWith(row.saved, { candidate, version });
      await createOptimisationStore(db).update(scope.projectId, id, { saved });
      return { name: row.promptName, version };
    },
  };
}
export type OptimisationService = ReturnType<typeof createOptimisation>;

function newSearch({ projectId, actor }: Scope, prepared: Prepared, now: number): Omit<OptimisationRow, "jobId"> {
  const { input, prompt, root, scorers } = prepared;
  return {
    id: newId("opt", now),
    projectId,
    name: input.name,
    root,
    input,
    content: prompt.content,
    promptName: input.prompt.name,
    promptVersion: prompt.version,
    scorers: [...scorers],
    parts: null,
    candidates: [],
    refused: [],
    curve: [],
    best: null,
    test: null,
    saved: [],
    warnings: [],
    status: "queued",
    stopped: null,
    message: "",
    answers: 0,
    reflections: 0,
    spent: { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 },
    createdBy: actor,
    createdAt: new Date(now),
    endedAt: null,
  };
}

const orderOf = ({ id, promptName }: Pick<OptimisationRow, "id" | "promptName">) => ({
  kind: optimisationJob,
  payload: { optimisationId: id },
  subject: id,
  title: `Optimise ${promptName}`.slice(0, 200),
});

function refuseResuming(row: OptimisationRow): void {
  if (isUnderWay(row)) throw new AppError("conflict", { message: "The search is already running." });
  if (row.status === "done")
    throw new AppError("conflict", {
      message:
        "The search has already used its test items, so they can no longer give an unbiased result. Start another search.",
    });
}

function requireRights({ permissions }: Scope): void {
  for (const needed of ["gateway:use", "prompts:write"] as const)
    if (!permissions.has(needed))
      throw new AppError("forbidden", {
        message: `A search calls models and saves the prompt that it finds, which needs the permission \`${needed}\`.`,
      });
}

type Settling = ReturnType<typeof createSearchSettling<OptimisationRow>>;

function createReads({ db, namesOf }: OptimisationDeps, { settle }: Settling) {
  async function find(scope: Scope, id: string): Promise<OptimisationRow> {
    const row = await createOptimisationStore(db).find(scope.projectId, id);
    if (!row) throw notFound("optimisation", id);
    return settle(scope, row);
  }

  async function present(scope: Scope, row: OptimisationRow): Promise<Optimisation> {
    const names = await namesOf(scope.projectId, [row.createdBy]);
    const { input, promptName, promptVersion, parts, candidates, refused, curve, best, test, saved } = row;
    const { warnings, status, stopped, message, answers, reflections, spent, jobId } = row;
    const { model, reflectionModel, method, budget, alpha, margin } = input;
    return {
      optimisationId: row.id,
      name: row.name,
      prompt: { name: promptName, version: promptVersion },
      model,
      reflectionModel,
      method,
      budget,
      alpha,
      margin,
      dataset: { datasetId: input.dataset.datasetId, version: input.dataset.version, root: row.root },
      scorer: row.scorers[0]?.key ?? "",
      output: row.scorers[0]?.output ?? UNKNOWN_OUTPUT,
      parts,
      candidates,
      refused,
      curve,
      best,
      test,
      saved,
      warnings,
      status,
      stopped,
      message,
      verdict: test?.comparison.verdict ?? null,
      savedVersion: saved.find(({ candidate }) => candidate === best)?.version ?? null,
      answers,
      reflections,
      spent,
      jobId,
      createdBy: names.get(row.createdBy) ?? row.createdBy,
      createdAt: row.createdAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  }
  return { find, present };
}
