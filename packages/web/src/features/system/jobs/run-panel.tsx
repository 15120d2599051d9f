import type { ReactNode } from "react";
import { JobProgress } from "../../../components/feedback/job-progress.tsx";
import { RunEnd, type RunTone } from "../../../components/feedback/run-end.tsx";
import { Button } from "../../../components/form/button.tsx";
import type { useRunLifecycle } from "./use-run-lifecycle.ts";

type Ended = {
  tone: RunTone;
  words: ReactNode;
  /** The label of the button that continues the run; without it, there is no button. */
  resume?: string | undefined;
  /** Further next steps. */
  links?: ReactNode;
};
type PanelProps = {
  run: ReturnType<typeof useRunLifecycle>;
  /** How the run ended; undefined if nothing needs to be reported. */
  ended: Ended | undefined;
  /** Shown below the progress, such as the cost so far. */
  children?: ReactNode;
};

/** The progress of a run with a cancel button, and then how it ended with the next steps. */
export function RunPanel({ run, ended, children }: PanelProps) {
  if (run.isActive)
    return (
      <div className="card p-4">
        {run.job ? (
          <JobProgress job={run.job} onCancel={run.cancel} isBusy={run.isCancelling} />
        ) : (
          <p className="text-muted">Queued.</p>
        )}
        {children}
      </div>
    );
  if (!ended) return null;
  return (
    <RunEnd tone={ended.tone} words={ended.words}>
      {ended.resume && run.resume && (
        <Button size="small" isBusy={run.isResuming} onClick={run.resume}>
          {ended.resume}
        </Button>
      )}
      {ended.links}
    </RunEnd>
  );
}
