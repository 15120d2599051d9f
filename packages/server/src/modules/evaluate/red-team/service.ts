import type { Experiment, ParsedOf, RedTeamInput, RedTeamRun, redTeamApi } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { catalogue } from "./attacks/catalogue.ts";
import { toRedTeamRun } from "./present.ts";
import { toAttack } from "./report/list-attacks.ts";
import { toMarkdown } from "./report/markdown-report.ts";
import { writeReport } from "./report/write-report.ts";
import { checkInput, type Plan } from "./run/check-input.ts";
import { createPrepareRedTeam, NOTHING_SPENT, redTeamJob } from "./run/prepare-red-team.ts";
import type { RedTeamDeps } from "./stores/deps.ts";
import { createRedTeamStore, type RedTeamRow } from "./stores/red-team-store.ts";

type AttackQuery = ParsedOf<(typeof redTeamApi)["GET /api/v1/red-team-runs/:redTeamRunId/attacks"]>["query"];
type Format = ParsedOf<(typeof redTeamApi)["GET /api/v1/red-team-runs/:redTeamRunId/export"]>["query"]["format"];
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Generated attacks on an endpoint or a model, answered under several guards and compared. */
export function createRedTeam(deps: RedTeamDeps) {
  deps.jobs.register(redTeamJob, createPrepareRedTeam(deps));
  const reads = createReads(deps);
  return {
    catalogue: () => catalogue,
    list: reads.list,
    get: reads.get,
    ...createStart(deps, reads),
    ...createChanges(deps, reads),
    ...createReports(deps, reads),
  };
}
export type RedTeam = ReturnType<typeof createRedTeam>;

function createReads(deps: RedTeamDeps) {
  const store = createRedTeamStore(deps.db);
  const present = createPresent(deps);

  async function find(scope: Scope, id: string): Promise<RedTeamRow> {
    const row = await store.find(scope.projectId, id);
    if (!row) throw notFound("red team run", id);
    return row;
  }

  return {
    find,
    get: async (scope: Scope, id: string): Promise<RedTeamRun> => present(scope, await find(scope, id)),
    async list(scope: Scope, { limit, cursor }: Page) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const items: RedTeamRun[] = [];
      for (const row of page.items) items.push(await present(scope, row));
      return { ...page, items };
    },
  };
}
type Reads = ReturnType<typeof createReads>;

/** A run as it is now. The end of a failed preparation is recorded when it is first read. */
function createPresent({ db, jobs, clock, experiments: { experiments }, namesOf }: RedTeamDeps) {
  async function settle(scope: Scope, row: RedTeamRow): Promise<RedTeamRow> {
    if (row.state !== "preparing") return row;
    const job = await orNull(jobs.get(scope, row.jobId));
    if (job && job.status !== "failed" && job.status !== "cancelled") return row;
    const state = job?.status === "cancelled" ? ("cancelled" as const) : ("failed" as const);
    const error = state === "cancelled" ? null : (job?.error?.message ?? "The job of the run no longer exists.");
    const changes = { state, error, endedAt: new Date(clock.now()) };
    await createRedTeamStore(db).update(scope.projectId, row.id, changes);
    return { ...row, ...changes };
  }

  return async (scope: Scope, found: RedTeamRow): Promise<RedTeamRun> => {
    const row = await settle(scope, found);
    const experiment: Experiment | null =
      row.experimentId === null ? null : await orNull(experiments.get(scope, row.experimentId));
    const names = await namesOf(scope.projectId, [row.createdBy]);
    return toRedTeamRun(row, { experiment, createdBy: names.get(row.createdBy) ?? row.createdBy });
  };
}

/** Null for what was deleted. */
async function orNull<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

const orderOf = ({ id, name }: Pick<RedTeamRow, "id" | "name">) => ({
  kind: redTeamJob,
  payload: { redTeamRunId: id },
  title: `Red team ${name}`.slice(0, 200),
  subject: id,
});

function createStart(deps: RedTeamDeps, { get }: Reads) {
  const { db, jobs, audit, clock, datasets } = deps;

  async function create(scope: Scope, { input, plan }: { readonly input: RedTeamInput; readonly plan: Plan }) {
    const id = newId("red", clock.now());
    const { datasetId } = await datasets.list.create(scope, {
      name: `Red team: ${input.name.slice(0, 70)} (${id})`,
      description: "Generated attacks and harmless requests of a red team run.",
      isEvaluation: true,
      schema: { inputs: null, expected: null, metadata: null },
    });
    await db.transaction(async (tx) => {
      const jobId = await jobs.send(tx, scope, orderOf({ id, name: input.name }));
      const row = { id, projectId: scope.projectId, name: input.name, input, ...plan, datasetId, jobId };
      await createRedTeamStore(tx).create({
        ...row,
        state: "preparing",
        error: null,
        attackerSpent: NOTHING_SPENT,
        warnings: [],
        experimentId: null,
        createdBy: scope.actor,
        createdAt: new Date(clock.now()),
        endedAt: null,
      });
      const guards = input.arms.map((arm) => arm.guards.kind);
      const details = { name: input.name, model: input.target.model, guards, budget: input.budget, jobId };
      await audit.record(scope, { action: "red-team-run.start", target: id, details }, tx);
    });
    return id;
  }

  return {
    /** Throws the problems of the input before any call. */
    start: async (scope: Scope, input: RedTeamInput): Promise<RedTeamRun> =>
      get(scope, await create(scope, await checkInput(deps, scope, input))),
  };
}

const isActive = ({ state }: RedTeamRun): boolean => state === "preparing" || state === "queued" || state === "running";

function createChanges(deps: RedTeamDeps, { get, find }: Reads) {
  const { db, jobs, audit, datasets } = deps;
  const { experiments } = deps.experiments;
  const store = createRedTeamStore(db);
  const record = (scope: Scope, action: string, id: string) =>
    audit.record(scope, { action: `red-team-run.${action}`, target: id, details: {} }, db);

  /** The preparation again. It continues with what it has stored. */
  async function prepareAgain(scope: Scope, row: RedTeamRow): Promise<void> {
    await db.transaction(async (tx) => {
      const jobId = await jobs.send(tx, scope, orderOf(row));
      const again = { state: "preparing" as const, error: null, endedAt: null, jobId };
      await createRedTeamStore(tx).update(scope.projectId, row.id, again);
    });
  }

  return {
    async cancel(scope: Scope, id: string): Promise<RedTeamRun> {
      const run = await get(scope, id);
      if (!isActive(run)) throw new AppError("conflict", { message: `The run has ended: it is ${run.state}.` });
      if (run.experimentId === null) await jobs.cancel(scope, run.jobId);
      else await experiments.cancel(scope, run.experimentId);
      await record(scope, "cancel", id);
      return get(scope, id);
    },

    async resume(scope: Scope, id: string): Promise<RedTeamRun> {
      const run = await get(scope, id);
      if (run.state !== "failed" && run.state !== "cancelled")
        throw new AppError("conflict", {
          message: `Only a canceled or failed run can be resumed. This run is ${run.state}.`,
        });
      if (run.experimentId === null) await prepareAgain(scope, await find(scope, id));
      else await experiments.resume(scope, run.experimentId, { retryErrors: true });
      await record(scope, "resume", id);
      return get(scope, id);
    },

    /** With its experiment and its attacks. Throws `conflict` while it is active. */
    async delete(scope: Scope, id: string): Promise<void> {
      const run = await get(scope, id);
      if (isActive(run)) throw new AppError("conflict", { message: "The run is active. Cancel it first." });
      if (run.experimentId !== null) await experiments.delete(scope, run.experimentId);
      await orNull(datasets.list.delete(scope, run.datasetId));
      await store.delete(scope.projectId, id);
      await record(scope, "delete", id);
    },
  };
}

const TYPES = { markdown: "text/markdown; charset=utf-8", json: "application/json" } as const;
const ENDINGS = { markdown: "md", json: "json" } as const;

function createReports(deps: RedTeamDeps, { get }: Reads) {
  const report = async (scope: Scope, id: string) => writeReport(deps, scope, await get(scope, id));
  return {
    report,

    async export(scope: Scope, id: string, format: Format) {
      const run = await get(scope, id);
      const written = await writeReport(deps, scope, run);
      const text = format === "json" ? JSON.stringify({ run, report: written }, null, 1) : toMarkdown(run, written);
      return { name: `red-team-${id}.${ENDINGS[format]}`, contentType: TYPES[format], text };
    },

    /** In the order of their ids. */
    async listAttacks(scope: Scope, id: string, query: AttackQuery) {
      const { limit, cursor, plugin, strategy, intent, succeededIn } = query;
      const run = await get(scope, id);
      if (run.experimentId === null) return { items: [], nextCursor: null };
      const metadata = {
        ...(plugin && { plugin }),
        ...(strategy && { strategy }),
        ...(intent && { intent: intent === "attack" ? "attack" : "benign" }),
      };
      const after = cursor === undefined ? "" : String(fromCursor(cursor, 1)[0]);
      const filter = { metadata, after, limit: limit + 1, scoredIn: succeededIn ?? null };
      const found = await deps.experiments.outcomes.listItems(scope, run.experimentId, filter);
      const page = toPage(found, limit, ({ item }) => [item.itemId]);
      return { ...page, items: page.items.flatMap((one) => toAttack(one, run.arms) ?? []) };
    },
  };
}
