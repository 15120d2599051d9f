import type { Job } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Audit } from "../audit/index.ts";

export type JobsDeps = {
  readonly jobs: Pick<Jobs, "get" | "list" | "cancel" | "retry" | "watch">;
  readonly audit: Pick<Audit, "record">;
};

/** Lists and controls jobs for users. Modules send jobs through the port. */
export function createJobs({ jobs, audit }: JobsDeps) {
  const record = (scope: Scope, action: string, { jobId, kind, title }: Job) =>
    audit.record(scope, { action, target: jobId, details: { kind, title } });

  return {
    list: jobs.list,
    get: jobs.get,
    async cancel(scope: Scope, jobId: string): Promise<Job> {
      const job = await jobs.cancel(scope, jobId);
      await record(scope, "job.cancel", job);
      return job;
    },
    async retry(scope: Scope, jobId: string): Promise<Job> {
      const job = await jobs.retry(scope, jobId);
      await record(scope, "job.retry", job);
      return job;
    },
    /** Throws `not_found` before the first event for a job that is not there. */
    async watch(scope: Scope, { jobId }: { readonly jobId?: string | undefined }, signal: AbortSignal) {
      if (jobId !== undefined) await jobs.get(scope, jobId);
      return jobs.watch(scope, { jobId }, signal);
    },
  };
}
export type JobsService = ReturnType<typeof createJobs>;
