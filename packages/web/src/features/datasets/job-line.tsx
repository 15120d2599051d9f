import type { Job } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useProject } from "../session/index.ts";
import { useCancelJob } from "./use-jobs.ts";

/** How far a job is and what is left of it, with a way to stop it. It goes on when the page is closed. */
export function JobLine({ job }: { job: Job }) {
  const { can } = useProject();
  const cancel = useCancelJob();
  const { progress, status, error, isCancelling, title } = job;
  const { done, total, unit } = progress;
  if (status === "failed")
    return (
      <p role="alert" className="text-bad [overflow-wrap:anywhere]">
        <span className="font-medium">{title} failed.</span> {error?.message}
      </p>
    );
  const isActive = status === "queued" || status === "running";
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-3">
          <span className="min-w-0 truncate">
            <span className="font-medium">{title}</span>{" "}
            <span className="text-muted">
              {isCancelling
                ? "stopping…"
                : status === "queued"
                  ? error
                    ? `tried again soon: ${error.message}`
                    : "waits its turn"
                  : progress.message}
            </span>
          </span>
          <span className="num text-muted">
            {status === "cancelled"
              ? "stopped"
              : done > 0 || total !== null
                ? `${formatCount(done)}${total === null ? "" : ` of ${formatCount(total)}`} ${unit}`
                : ""}
            {isActive && leftOf(job)}
          </span>
        </p>
        <ProgressBar
          label={title}
          value={status === "done" ? 1 : total === null || total === 0 ? undefined : done / total}
          className="mt-1.5"
        />
      </div>
      {isActive && can("jobs:write") && (
        <Button size="small" disabled={isCancelling} isBusy={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
          Stop
        </Button>
      )}
    </div>
  );
}

/** How long it will still take at the pace so far; nothing in the first seconds, when the pace is not known. */
function leftOf({ progress: { done, total }, startedAt }: Job): string {
  const elapsed = startedAt === null ? 0 : Date.now() - Date.parse(startedAt);
  if (total === null || done === 0 || elapsed < 3_000) return "";
  const seconds = Math.max(1, Math.round((elapsed * (total - done)) / done / 1_000));
  return `, about ${formatDuration(seconds * 1_000).replace(/\.\d+ s/, " s")} left`;
}
