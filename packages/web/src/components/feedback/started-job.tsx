import type { ReactNode } from "react";
import { Button } from "../form/button.tsx";
import { DialogActions } from "../overlay/dialog.tsx";
import { JobProgress } from "./job-progress.tsx";
import type { Job } from "./job-words.ts";

type StartedProps = {
  /** Undefined while it loads. */
  job: Job | undefined;
  close: () => void;
  /** The button while the job runs; the job continues without the dialog. */
  closeLabel?: string;
  /** Shown in the job after it has succeeded. */
  result?: ReactNode;
  /** Shown below the job. */
  children?: ReactNode;
};

/** The job that a dialog has started, in place of its form. */
export function StartedJob({ job, close, closeLabel = "Run in background", result, children }: StartedProps) {
  return (
    <>
      {job && <JobProgress job={job}>{result}</JobProgress>}
      {children}
      <DialogActions>
        <Button onClick={close}>{job?.status === "done" ? "Done" : closeLabel}</Button>
      </DialogActions>
    </>
  );
}
