import type { ReactNode } from "react";
import { JobProgress } from "../../../components/feedback/job-progress.tsx";
import type { Job } from "../../../components/feedback/job-words.ts";
import { useProject } from "../session/index.ts";
import { useJobActions } from "./use-job.ts";

type ActingProps = {
  job: Job;
  className?: string;
  /** The result of the job, shown when it has succeeded. */
  children?: ReactNode;
};

/** A job with its buttons, for users with permission. */
export function ActingJob({ job, className, children }: ActingProps) {
  const project = useProject();
  const { cancel, retry } = useJobActions();
  const canWrite = project.can("jobs:write");
  return (
    <JobProgress
      job={job}
      onCancel={canWrite ? () => cancel.mutate(job.jobId) : undefined}
      onRetry={canWrite ? () => retry.mutate(job.jobId) : undefined}
      isBusy={cancel.isPending || retry.isPending}
      className={className}
    >
      {children}
    </JobProgress>
  );
}
