import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";
import { formatCount, formatExactTime } from "./format.ts";
import { formatDone, formatLeft, isOver, type Job, leftMs, type Sighting } from "./job-words.ts";
import { ProgressBar } from "./progress-bar.tsx";

type JobProps = {
  job: Job;
  /** Left out where a person may not, or where there is no use in it. */
  onCancel?: (() => void) | undefined;
  onRetry?: (() => void) | undefined;
  /** While one of these is being asked for. */
  isBusy?: boolean;
  /** What the job leads to, such as a link to the version that it made; shown when it is done. */
  children?: ReactNode;
  className?: string;
};

/** One job: what it does, how far it is and what is left, or how it ended and what can be done. */
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
  done: ["text-good", "done"],
  failed: ["text-bad", "failed"],
  cancelled: ["text-warn", "cancelled"],
} as const satisfies Record<Job["status"], readonly [string, string]>;

/** Said aloud when it changes. */
function JobState({ job: { status, isCancelling, error } }: { job: Job }) {
  const [look, word] = STATES[status];
  const isWaiting = status === "queued" && error !== null;
  return (
    <span role="status" className={`text-sm whitespace-nowrap ${isCancelling || isWaiting ? "text-warn" : look}`}>
      ● {isCancelling ? "stopping" : isWaiting ? "waits for another try" : word}
    </span>
  );
}

/** Why it failed, or why the last try did and when the next one is. */
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
              <span className="num">{formatCount(failures)}</span> {failures === 1 ? "try has" : "tries have"} failed.{" "}
            </>
          )}
          It goes on by itself at{" "}
          <time dateTime={runAt} className="num">
            {formatExactTime(runAt)}
          </time>
          .
        </p>
      )}
    </div>
  );
}

/** Milliseconds that are left, from what was seen of the job since it was first shown. */
function useTimeLeft({ id, status, startedAt, progress }: Job): number | null {
  const first = useRef<Sighting & { run: string }>(undefined);
  const now = { done: progress.done, at: Date.now() };
  const run = `${id} ${startedAt} ${progress.total} ${progress.unit}`;
  if (status !== "running") first.current = undefined;
  else if (first.current?.run !== run || now.done < first.current.done) first.current = { ...now, run };
  return first.current ? leftMs(first.current, now, progress.total) : null;
}
