import { formatCount } from "../../../../components/text/format.ts";
import { RunPanel, useRunLifecycle } from "../../../system/jobs/index.ts";
import { spentWords, stopWords } from "../../experiments/index.ts";
import { isEarly } from "../shared/red-team-state.tsx";
import { isActive, type RedTeamRun, useRedTeamChanges } from "../shared/use-red-team.ts";

/** The progress of a run, and how it ended if something is missing. */
export function RunProgress({ run }: { run: RedTeamRun }) {
  const { cancel, resume } = useRedTeamChanges();
  const { redTeamRunId, jobId, answers, planned } = run;
  const lifecycle = useRunLifecycle({
    id: redTeamRunId,
    run: { jobId, status: isActive(run) ? "running" : run.state },
    reload: ["red-team"],
    permission: "experiments:write",
    cancel,
    resume,
  });
  return (
    <RunPanel run={lifecycle} ended={endOf(run)}>
      <p className="num mt-2 text-xs text-muted">
        {formatCount(answers)} of {formatCount(planned)} answers. {spentWords(run)}
      </p>
    </RunPanel>
  );
}

/** Undefined for a run that answered everything. */
function endOf({ state, error, stopped }: RedTeamRun) {
  if (state === "done" && !isEarly({ stopped })) return undefined;
  const reason = error ?? (isEarly({ stopped }) ? stopWords(stopped) : "The run was canceled.");
  const resume = state === "failed" || state === "cancelled" ? "Resume" : undefined;
  return { tone: state === "failed" ? ("bad" as const) : ("warn" as const), words: reason, resume };
}
