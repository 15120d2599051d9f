import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps } from "../run/deps.ts";
import { isUnderWay, standingOf } from "../run/job-standing.ts";
import { createExperimentStore, type ExperimentRow } from "../stores/experiment-store.ts";
import { createRunStore } from "../stores/run-store.ts";

/** How an experiment stands by its job: a cancelled or failed one cannot say so itself. */
export function createSettling({ db, jobs, clock }: Pick<EvalDeps, "db" | "jobs" | "clock">) {
  /** The row as it is now; what had ended is written down. */
  async function settle(scope: Scope, row: ExperimentRow): Promise<ExperimentRow> {
    if (!isUnderWay(row)) return row;
    const { job, ending } = await standingOf({ jobs, clock }, scope, { jobId: row.jobId, what: "the experiment" });
    // Between two attempts, the error of the last attempt is reported.
    if (ending === null) return { ...row, error: job?.status === "queued" ? (job.error?.message ?? null) : row.error };
    const { status, message: error, endedAt } = ending;
    await db.transaction(async (tx) => {
      await createExperimentStore(tx).update(scope.projectId, row.id, { status, error, endedAt });
      await createRunStore(tx).updateOf(scope.projectId, row.id, { status, endedAt });
    });
    return { ...row, status, error, endedAt };
  }

  return {
    settle,
    async settleAll(scope: Scope): Promise<void> {
      for (const row of await createExperimentStore(db).listActive(scope.projectId)) await settle(scope, row);
    },
  };
}
export type Settling = ReturnType<typeof createSettling>;
