import { type ReactNode, useRef } from "react";
import { Button } from "../form/button.tsx";
import { formatCount, formatExactTime } from "../text/format.ts";
import { formatDone, formatLeft, isOver, type Job, leftMs, type Sighting } from "./job-words.ts";
import { ProgressBar } from "./progress-bar.tsx";

type JobProps = {
  job: Job;
  /** Unset without permission, or where it is not useful. */
  onCancel?: (() => void) | undefined;
  onRetry?: (() => void) | undefined;
  /** Whether a cancel or retry request is pending. */
  isBusy?: boolean;
  /** The result of the job, such as a link to the created version; shown when it has succeeded. */
  children?: ReactNode;
  className?: string;
};

/** One job: its title, progress and remaining time, or its result and actions. */
export function JobProgress({ job, onCancel, onRetry, isBusy = false, children, className = "" }: JobProps) {
  const { title, status, progress, isCancelling } = job;
  const left = useTimeLeft(job);
  const isActive = !isOver(job);
  const share = progress.total ? progress.done / progress.total : undefined;
  const numbers = [formatDone(progress), formatLeft(left)].filter(Boolean).join(", ");
  return (
    <section
      aria-label={title}
      className={`flex items-start gap-4 max-md:flex-col max-md:items-stretch max-md:gap-2 ${className}`}
    >
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-3">
          <span className="min-w-0">
            <span dir="auto" className="font-medium [overflow-wrap:anywhere]">
              {title}
            </span>{" "}
            <JobState job={job} />
          </span>
          {numbers && <span className="num text-muted">{numbers}</span>}
        </p>
        {isActive && (
          <ProgressBar
            label={`Progress of ${title}`}
            value={status === "queued" ? (share ?? 0) : share}
            tone={isCancelling ? "warn" : "accent"}
            className="mt-2"
          />
        )}
        {isActive && progress.message && (
          <p className="mt-1 text-sm text-muted [overflow-wrap:anywhere]">{progress.message}</p>
        )}
        <Trouble job={job} />
        {status === "done" && children && <div className="mt-1 text-sm">{children}</div>}
      </div>
      {isActive && onCancel && (
        <Button size="small" isBusy={isBusy || isCancelling} onClick={onCancel} aria-label={`Cancel ${title}`}>
          {isCancelling ? "Cancelling" : "Cancel"}
        </Button>
      )}
      {(status === "failed" || status === "cancelled") && onRetry && (
        <Button size="small" isBusy={isBusy} onClick={onRetry} aria-label={`Run ${title} again`}>
          Run again
        </Button>
      )}
    </section>
  );
}

const STATES = {
  queued: ["text-muted", "queued"],
  running: ["text-info", "running"],
  done: ["text-good", "succeeded"],
  failed: ["text-bad", "failed"],
  cancelled: ["text-warn", "canceled"],
} as const satisfies Record<Job["status"], readonly [string, string]>;

/** Announced to screen readers when it changes. */
function JobState({ job: { status, isCancelling, error } }: { job: Job }) {
  const [look, word] = STATES[status];
  const isWaiting = status === "queued" && error !== null;
  return (
    <span role="status" className={`text-sm whitespace-nowrap ${isCancelling || isWaiting ? "text-warn" : look}`}>
      ● {isCancelling ? "cancelling" : isWaiting ? "waiting to retry" : word}
    </span>
  );
}

/** Why the job failed, or why the last attempt failed and when the next one starts. */
function Trouble({ job: { status, error, failures, runAt } }: { job: Job }) {
  if (error === null) return null;
  const isFinal = status === "failed";
  return (
    <div
      className={`mt-2 rounded-control px-3 py-2 text-sm [overflow-wrap:anywhere] ${isFinal ? "bg-bad-soft" : "bg-warn-soft"}`}
    >
      <p className="font-medium">{error.message}</p>
      {!isFinal && status === "queued" && (
        <p className="mt-0.5">
          {failures > 0 && (
            <>
              <span className="num">{formatCount(failures)}</span> {failures === 1 ? "attempt" : "attempts"} failed.{" "}
            </>
          )}
          The next attempt starts at{" "}
          <time dateTime={runAt} className="num">
            {formatExactTime(runAt)}
          </time>
          .
        </p>
      )}
    </div>
  );
}

/** Milliseconds left, estimated from the progress since the job was first shown. */
function useTimeLeft({ jobId, status, startedAt, progress }: Job): number | null {
  const first = useRef<Sighting & { run: string }>(undefined);
  const now = { done: progress.done, at: Date.now() };
  const run = `${jobId} ${startedAt} ${progress.total} ${progress.unit}`;
  if (status !== "running") first.current = undefined;
  else if (first.current?.run !== run || now.done < first.current.done) first.current = { ...now, run };
  return first.current ? leftMs(first.current, now, progress.total) : null;
}
