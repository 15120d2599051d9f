import type { ReactNode } from "react";
import { JobProgress } from "../../components/job-progress.tsx";
import type { Job } from "../../components/job-words.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { useJob, useJobActions } from "./use-job.ts";

type LiveProps = {
  jobId: string;
  onEnd?: (job: Job) => void;
  /** What to show of a job that is done, such as a link to what it made. */
  whenDone?: (job: Job) => ReactNode;
  className?: string;
};

/** A job that is followed until it has ended, with what a person may do about it. */
export function LiveJob({ jobId, onEnd, whenDone, className }: LiveProps) {
  const job = useJob(jobId, onEnd);
  if (job.error && !job.data)
    return <ErrorState error={job.error} retry={() => job.refetch()} title="The job could not be loaded" />;
  if (!job.data) return <Skeleton className="h-12 rounded-card" />;
  return (
    <ActingJob job={job.data} className={className}>
      {job.data.status === "done" && whenDone?.(job.data)}
    </ActingJob>
  );
}

type ActingProps = { job: Job; className?: string | undefined; children?: ReactNode };

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
