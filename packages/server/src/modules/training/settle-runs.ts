import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { TrainingDeps } from "./deps.ts";
import { endCancelled } from "./run-training.ts";
import { createRunStore, isActive, type RunRow } from "./store.ts";

/** How runs stand by their jobs: one whose job was cancelled, has failed or is gone cannot say so itself. */
export function createRunSettling(deps: TrainingDeps) {
  const { db, jobs, clock } = deps;

  async function settle(scope: Scope, row: RunRow): Promise<RunRow> {
    if (!isActive(row) || row.jobId === null) return row;
    const job = await jobs.get(scope, row.jobId).catch(ifMissing);
    if (job !== null && job.status !== "failed" && job.status !== "cancelled") return row;
    await endCancelled(deps, scope, row);
    if (job?.status === "cancelled") return reread(row);
    const message = job?.error?.message ?? "The job of the run is gone.";
    const whatToDo = "Resume the run; it goes on from its last whole checkpoint.";
    await createRunStore(db).update(row.projectId, row.id, {
      ...{ status: "failed", message: "Failed", endedAt: new Date(clock.now()) },
      error: { kind: "platform", code: job?.error?.code ?? "internal", message, whatToDo },
    });
    return reread(row);
  }

  const reread = async (row: RunRow) => (await createRunStore(db).find(row.projectId, row.id)) ?? row;

  return {
    settle,
    async settleAll(scope: Scope): Promise<void> {
      for (const row of await createRunStore(db).listActive(scope.projectId)) await settle(scope, row);
    },
  };
}

function ifMissing(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
