import { JobProgress } from "../../../components/feedback/job-progress.tsx";
import { useJobActions } from "./use-job-actions.ts";
import { isActive, type TopicRun, useRunJob } from "./use-topics.ts";

/** The progress of a run, or why it failed. Nothing for a complete one. */
export function RunState({ run }: { run: TopicRun | null | undefined }) {
  const job = useRunJob(run).data;
  const cancel = useJobActions();
  if (!run || run.status === "done") return null;
  if (isActive(run))
    return job ? (
      <JobProgress
        job={job}
        isBusy={cancel.isPending}
        onCancel={cancel.isAllowed ? () => cancel.mutate(run.jobId) : undefined}
        className="card px-4 py-3"
      />
    ) : null;
  return (
    <p role="alert" className="rounded-control bg-bad-soft px-3 py-2 text-bad [overflow-wrap:anywhere]">
      {run.status === "canceled" ? "The last run was canceled." : `The last run failed. ${run.error}`} The topics of the
      run before are shown.
    </p>
  );
}
