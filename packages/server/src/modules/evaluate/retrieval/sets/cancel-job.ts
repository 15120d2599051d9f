import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { RetrievalDeps } from "../stores/deps.ts";

/** Cancels a job that may have ended, or may be gone. */
export async function cancelJob({ jobs }: Pick<RetrievalDeps, "jobs">, scope: Scope, jobId: string): Promise<void> {
  try {
    await jobs.cancel(scope, jobId);
  } catch (error) {
    if (!(error instanceof AppError) || !["conflict", "not_found"].includes(error.code)) throw error;
  }
}
