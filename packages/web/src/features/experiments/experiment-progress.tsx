import { Button } from "../../components/button.tsx";
import { formatCount, formatMoney, formatNumberOf } from "../../components/format.ts";
import { JobProgress } from "../../components/job-progress.tsx";
import { useProject } from "../session/index.ts";
import { type Experiment, isActive, useExperimentChanges, useExperimentJob } from "./use-experiments.ts";
import { stopWords } from "./words.ts";

/** How far an experiment is, or why it ended before every item was answered. */
export function ExperimentProgress({ experiment }: { experiment: Experiment }) {
  const { can } = useProject();
  const job = useExperimentJob(experiment);
  const { cancel, resume } = useExperimentChanges();
  const { experimentId, status, error, stopped } = experiment;
  const canWrite = can("experiments:write");
  if (isActive(experiment))
    return (
      <div className="px-6 pt-3 max-md:px-4">
        <div className="card p-4">
          {job ? (
            <JobProgress
              job={job}
              onCancel={canWrite ? () => cancel.mutate(experimentId) : undefined}
              isBusy={cancel.isPending}
            />
          ) : (
            <p className="text-muted">Waiting for its turn.</p>
          )}
          <p className="num mt-2 text-xs text-muted">{spentWords(experiment)}</p>
        </div>
      </div>
    );
  const isEarly = stopped !== null && stopped !== "finished";
  if (status === "done" && !isEarly) return null;
  return (
    <div className="px-6 pt-3 max-md:px-4">
      <div
        role="status"
        className={`flex flex-wrap items-center gap-3 rounded-control px-3 py-2 ${status === "failed" ? "bg-bad-soft" : "bg-warn-soft"}`}
      >
        <p className="min-w-0 grow [overflow-wrap:anywhere]">
          {error ?? (isEarly ? stopWords(stopped) : "It was cancelled.")} What was answered until then is below.
        </p>
        {canWrite && stopped !== "precision" && (
          <Button size="small" isBusy={resume.isPending} onClick={() => resume.mutate(experimentId)}>
            Go on
          </Button>
        )}
      </div>
    </div>
  );
}

/** What was spent by now. */
export function spentWords({ spent: { calls, tokens, usd, unpricedCalls } }: Pick<Experiment, "spent">): string {
  const price =
    unpricedCalls === 0
      ? formatMoney(usd)
      : usd > 0
        ? `${formatMoney(usd)} and ${formatNumberOf(unpricedCalls, "call")} without a known price`
        : "no price is known";
  return `${formatNumberOf(calls, "call")}, ${formatCount(tokens)} tokens, ${price}`;
}
