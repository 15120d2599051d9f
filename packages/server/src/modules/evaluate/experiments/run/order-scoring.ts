import type { ExperimentBudget, Run } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createResultRemoval } from "../stores/result-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import type { EvalDeps } from "./deps.ts";
import { scoringJob, scoringOf } from "./score-run.ts";

type Deps = Pick<EvalDeps, "db" | "jobs"> & {
  find(scope: Scope, runId: string): Promise<RunRow>;
  get(scope: Scope, runId: string): Promise<Run>;
};

/** Throws `conflict` for a run that takes no answers any more. */
export function onlyOpen(row: RunRow): RunRow {
  if (row.status === "open") return row;
  throw new AppError("conflict", {
    message: `The run is ${row.status} and accepts no answers. Create a new run with POST /api/v1/runs.`,
    details: { status: row.status },
  });
}

/** Has uploaded runs scored: once they are closed, and again where scoring ended early. */
export function createScoringOrders({ db, jobs, find, get }: Deps) {
  async function queue(scope: Scope, { id: runId, name }: RunRow, changes: Partial<RunRow>) {
    const order = { kind: scoringJob, payload: { runId }, title: `Score ${name}`, subject: runId };
    const jobId = await db.transaction(async (tx) => {
      const sent = await jobs.send(tx, scope, order);
      await createRunStore(tx).update(scope.projectId, runId, { ...changes, status: "queued", jobId: sent });
      return sent;
    });
    return { run: await get(scope, runId), jobId };
  }

  return {
    async finish(scope: Scope, runId: string) {
      const row = onlyOpen(await find(scope, runId));
      if (row.totals.answers === 0)
        throw new AppError("unprocessable", { message: "The run has no answers yet. Send some first." });
      return queue(scope, row, {});
    },

    /** Ends the scoring of a run. Its scores so far remain. Throws `conflict` if the run is not being scored. */
    async cancel(scope: Scope, runId: string): Promise<void> {
      const { jobId, status } = await find(scope, runId);
      if (jobId === null || (status !== "queued" && status !== "running"))
        throw new AppError("conflict", {
          message: `The run is not being scored: it is ${status}.`,
          details: { status },
        });
      await jobs.cancel(scope, jobId);
    },

    /** Scores the answers that have no score yet, and tries failed scores again. Throws `conflict` for a run that is not over, or was not uploaded. */
    async resume(scope: Scope, runId: string, { budget }: { budget?: ExperimentBudget | undefined }) {
      const row = await find(scope, runId);
      if (row.origin !== "uploaded")
        throw new AppError("conflict", {
          message: "The run was not uploaded. Resume its experiment instead.",
          details: { experimentId: row.experimentId },
        });
      if (row.status === "open" || row.status === "queued" || row.status === "running")
        throw new AppError("conflict", {
          message: `The scoring of the run has not finished: it is ${row.status}.`,
          details: { status: row.status },
        });
      const scoring = scoringOf(row);
      await createResultRemoval(db).deleteFailedScores([row.id]);
      const changes = { scoring: { ...scoring, stopped: null, budget: budget ?? scoring.budget }, endedAt: null };
      return queue(scope, row, changes);
    },
  };
}
