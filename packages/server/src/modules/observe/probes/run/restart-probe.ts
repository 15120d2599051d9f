import { AppError } from "../../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { queueProbe } from "./probe-job.ts";

/**
 * Queues another job for a probe, so that it runs immediately. Gives the id of the job before, which the caller ends after its
 * transaction: the embedded database has one connection, and a job is cancelled on another one.
 */
export async function restartProbe(deps: Pick<ProbeDeps, "jobs">, tx: ProbeDeps["db"], row: ProbeRow): Promise<string> {
  const store = createProbeStore(tx);
  const { projectId, id, name } = row;
  // The caller has changed the row, so no other request restarts it until the transaction ends.
  const { jobId } = (await store.find(projectId, id)) ?? row;
  await store.update(projectId, id, { jobId: await queueProbe(deps, tx, { projectId, probeId: id, name }) });
  return jobId;
}

/** A job that has ended already cannot be cancelled. */
export async function endJob(
  { jobs, log }: Pick<ProbeDeps, "jobs" | "log">,
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
