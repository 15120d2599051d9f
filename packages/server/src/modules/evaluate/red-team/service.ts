import type { Experiment, RedTeamRun } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { catalogue } from "./attacks/catalogue.ts";
import { createChanges } from "./change-runs.ts";
import { orNull } from "./or-null.ts";
import { toRedTeamRun } from "./present.ts";
import { createReports } from "./report-runs.ts";
import { createPrepareRedTeam, redTeamJob } from "./run/prepare-red-team.ts";
import { createStart } from "./start-run.ts";
import type { RedTeamDeps } from "./stores/deps.ts";
import { createRedTeamStore, type RedTeamRow } from "./stores/red-team-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Generated attacks on an endpoint or a model, answered under several guards and compared. */
export function createRedTeam(deps: RedTeamDeps) {
  deps.jobs.register(redTeamJob, createPrepareRedTeam(deps));
  const reads = createReads(deps);
  return {
    catalogue: () => catalogue,
    list: reads.list,
    get: reads.get,
    ...createStart(deps, reads.get),
    ...createChanges(deps, reads),
    ...createReports(deps, reads.get),
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
