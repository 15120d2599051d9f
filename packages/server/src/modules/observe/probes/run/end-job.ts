import { AppError } from "../../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { ProbeDeps } from "../stores/deps.ts";

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
