import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { queueProbe } from "./probe-job.ts";

/**
 * Queues another job for a probe, so that it runs immediately. Gives the id of the job before, which the caller ends after its
 * transaction: the embedded database has one connection, and a job is cancelled on another one. If a crash prevents this, the new
 * job ends it.
 */
export async function restartProbe(deps: Pick<ProbeDeps, "jobs">, tx: ProbeDeps["db"], row: ProbeRow): Promise<string> {
  const store = createProbeStore(tx);
  const { projectId, id, name } = row;
  // The caller has changed the row, so no other request restarts it until the transaction ends.
  const { jobId } = (await store.find(projectId, id)) ?? row;
  await store.update(projectId, id, { jobId: await queueProbe(deps, tx, { projectId, probeId: id, name }) });
  return jobId;
}
