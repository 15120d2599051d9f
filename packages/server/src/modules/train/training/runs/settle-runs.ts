import type { Scope } from "../../../../kernel/scope.ts";
import { standingOf } from "../../../evaluate/experiments/index.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createRunStore, isActive, type RunRow } from "../stores/store.ts";
import { endCancelled } from "./run-training.ts";

/** How runs stand by their jobs: one whose job was cancelled, has failed or is gone cannot say so itself. */
export function createRunSettling(deps: TrainingDeps) {
  const { db, jobs, clock } = deps;

  async function settle(scope: Scope, row: RunRow): Promise<RunRow> {
    if (!isActive(row) || row.jobId === null) return row;
    const { job, ending } = await standingOf({ jobs, clock }, scope, { jobId: row.jobId, what: "the run" });
    if (ending === null) return row;
    await endCancelled(deps, scope, row);
    const { message } = ending;
    if (message === null) return reread(row);
    const whatToDo = "Resume the run. It continues from its last complete checkpoint.";
    await createRunStore(db).update(row.projectId, row.id, {
      status: "failed",
      message: "Failed",
      endedAt: new Date(clock.now()),
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
