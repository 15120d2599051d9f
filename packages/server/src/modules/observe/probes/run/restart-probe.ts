import { AppError } from "../../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { queueProbe } from "./probe-job.ts";

/** Queues the job of a probe again, so that it runs immediately. */
export async function restartProbe(
  deps: ProbeDeps,
  tx: ProbeDeps["db"],
  { projectId, id, name, jobId }: ProbeRow,
): Promise<void> {
  await endJob(deps, { projectId }, jobId);
  const next = await queueProbe(deps, tx, { projectId, probeId: id, name });
  await createProbeStore(tx).update(projectId, id, { jobId: next });
}

/** A job that has ended already cannot be cancelled. */
export async function endJob(
  { jobs, log }: ProbeDeps,
  { projectId }: Pick<Scope, "projectId">,
  jobId: string,
): Promise<void> {
  try {
    await jobs.cancel(systemScope(projectId), jobId);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.debug({ jobId, reason: error.message }, "the job of a probe has ended already");
  }
}
