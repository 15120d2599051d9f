import type { ReactNode } from "react";
import { JobProgress } from "../../components/job-progress.tsx";
import type { Job } from "../../components/job-words.ts";
import { useProject } from "../session/index.ts";
import { useJobActions } from "./use-job.ts";

type ActingProps = {
  job: Job;
  className?: string;
  /** What the job leads to, shown when it is done. */
  children?: ReactNode;
};

/** A job with its buttons, for those who may press them. */
export function ActingJob({ job, className, children }: ActingProps) {
  const project = useProject();
  const { cancel, retry } = useJobActions();
  const canWrite = project.can("jobs:write");
  return (
    <JobProgress
      job={job}
      onCancel={canWrite ? () => cancel.mutate(job.id) : undefined}
      onRetry={canWrite ? () => retry.mutate(job.id) : undefined}
      isBusy={cancel.isPending || retry.isPending}
      className={className}
    >
      {children}
    </JobProgress>
  );
}
