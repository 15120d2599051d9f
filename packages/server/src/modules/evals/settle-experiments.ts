import type { Job } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { EvalDeps } from "./deps.ts";
import { createExperimentStore, type ExperimentRow } from "./experiment-store.ts";
import { createRunStore } from "./run-store.ts";

/** How an experiment stands by its job: a cancelled or failed one cannot say so itself. */
export function createSettling({ db, jobs, clock }: Pick<EvalDeps, "db" | "jobs" | "clock">) {
  const isActive = ({ status }: ExperimentRow) => status === "queued" || status === "running";

  async function jobOf(scope: Scope, jobId: string): Promise<Job | null> {
    try {
      return await jobs.get(scope, jobId);
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") return null;
      throw error;
    }
  }

  /** The row as it is now; what had ended is written down. */
  async function settle(scope: Scope, row: ExperimentRow): Promise<ExperimentRow> {
    if (!isActive(row)) return row;
    const job = await jobOf(scope, row.jobId);
    if (job !== null && job.status !== "failed" && job.status !== "cancelled") {
      // Between two tries, what went wrong with the last one is told.
      return { ...row, error: job.status === "queued" ? (job.error?.message ?? null) : row.error };
    }
    const status = job?.status === "cancelled" ? ("cancelled" as const) : ("failed" as const);
    const error = status === "failed" ? (job?.error?.message ?? "The job of the experiment is gone.") : null;
    const endedAt = new Date(job?.endedAt ?? clock.now());
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
