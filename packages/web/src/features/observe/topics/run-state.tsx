import { JobProgress } from "../../../components/feedback/job-progress.tsx";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { useJobActions } from "./use-job-actions.ts";
import { isActive, type TopicRun, useRunJob } from "./use-topics.ts";

type Props = { run: TopicRun | null | undefined; hasTopics: boolean };

/** The progress of a run, or why it failed. Nothing for a complete one. */
export function RunState({ run, hasTopics }: Props) {
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
  const isCanceled = run.status === "canceled";
  const end = isCanceled ? "The last run was canceled." : `The last run failed: ${run.error}`;
  const rest = hasTopics ? " The topics of the run before are shown." : "";
  return <RunEnd tone={isCanceled ? "neutral" : "bad"} words={`${end} Choose Run now to try again.${rest}`} />;
}
