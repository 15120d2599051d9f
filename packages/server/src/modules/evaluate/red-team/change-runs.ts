import type { RedTeamRun } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { orNull } from "./or-null.ts";
import { orderOf } from "./run/prepare-red-team.ts";
import type { RedTeamDeps } from "./stores/deps.ts";
import { createRedTeamStore, type RedTeamRow } from "./stores/red-team-store.ts";

type Reads = {
  readonly get: (scope: Scope, id: string) => Promise<RedTeamRun>;
  readonly find: (scope: Scope, id: string) => Promise<RedTeamRow>;
};

const ACTIVE: ReadonlySet<RedTeamRun["state"]> = new Set(["preparing", "queued", "running"]);
const isActive = ({ state }: RedTeamRun): boolean => ACTIVE.has(state);

export function createChanges(deps: RedTeamDeps, reads: Reads) {
  const record = (scope: Scope, action: string, id: string) =>
    deps.audit.record(scope, { action: `red-team-run.${action}`, target: id, details: {} }, deps.db);
  const changes = createUnrecorded(deps, reads);
  return {
    async cancel(scope: Scope, id: string): Promise<RedTeamRun> {
      await changes.cancel(scope, await reads.get(scope, id));
      await record(scope, "cancel", id);
      return reads.get(scope, id);
    },
    async resume(scope: Scope, id: string): Promise<RedTeamRun> {
      await changes.resume(scope, await reads.get(scope, id));
      await record(scope, "resume", id);
      return reads.get(scope, id);
    },
    /** With its experiment and its attacks. Throws `conflict` while it is active. */
    async delete(scope: Scope, id: string): Promise<void> {
      await changes.delete(scope, await reads.get(scope, id));
      await record(scope, "delete", id);
    },
  };
}

function createUnrecorded({ db, jobs, datasets, experiments: { experiments } }: RedTeamDeps, { find }: Reads) {
  /** The preparation again. It continues with what it has stored. */
  async function prepareAgain(scope: Scope, row: RedTeamRow): Promise<void> {
    await db.transaction(async (tx) => {
      const jobId = await jobs.send(tx, scope, orderOf(row));
      const again = { state: "preparing" as const, error: null, endedAt: null, jobId };
      await createRedTeamStore(tx).update(scope.projectId, row.id, again);
    });
  }

  return {
    async cancel(scope: Scope, run: RedTeamRun): Promise<void> {
      if (!isActive(run)) throw new AppError("conflict", { message: `The run has ended: it is ${run.state}.` });
      if (run.experimentId === null) await jobs.cancel(scope, run.jobId);
      else await experiments.cancel(scope, run.experimentId);
    },
    async resume(scope: Scope, { redTeamRunId, state, experimentId }: RedTeamRun): Promise<void> {
      if (state !== "failed" && state !== "cancelled") throw notResumable(state);
      if (experimentId === null) await prepareAgain(scope, await find(scope, redTeamRunId));
      else await experiments.resume(scope, experimentId, { retryErrors: true });
    },
    async delete(scope: Scope, run: RedTeamRun): Promise<void> {
      if (isActive(run)) throw new AppError("conflict", { message: "The run is active. Cancel it first." });
      if (run.experimentId !== null) await experiments.delete(scope, run.experimentId);
      await orNull(datasets.list.delete(scope, run.datasetId));
      await createRedTeamStore(db).delete(scope.projectId, run.redTeamRunId);
    },
  };
}

const notResumable = (state: RedTeamRun["state"]) =>
  new AppError("conflict", { message: `Only a canceled or failed run can be resumed. This run is ${state}.` });
