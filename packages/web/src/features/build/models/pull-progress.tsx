import { ProgressBar } from "../../../components/feedback/progress-bar.tsx";
import { Button } from "../../../components/form/button.tsx";
import { formatBytes, formatDuration } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { type ModelPull, useCancelPull, useModelPulls } from "./use-models.ts";

/** The running downloads with their remaining time, or nothing. Downloads continue when the page is closed. */
export function PullProgress() {
  const pulls = useModelPulls();
  const running = (pulls.data?.items ?? []).filter((pull) => pull.state === "running");
  if (running.length === 0) return null;
  return (
    <section aria-label="Downloads" className="card divide-y divide-line">
      {running.map((pull) => (
        <PullRow key={pull.pullId} pull={pull} />
      ))}
    </section>
  );
}

function PullRow({ pull }: { pull: ModelPull }) {
  const project = useProject();
  const cancel = useCancelPull();
  const { receivedBytes, totalBytes } = pull;
  return (
    <div className="flex items-center gap-4 px-4 py-3">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-3">
          <span className="min-w-0 truncate">
            Pulling <span className="font-medium">{pull.modelId || pull.source}</span>{" "}
            <span className="text-muted">{pull.step}</span>
          </span>
          <span className="num text-muted">
            {totalBytes === null
              ? formatBytes(receivedBytes)
              : `${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`}
            {leftOf(pull)}
          </span>
        </p>
        <ProgressBar
          label={`Download of ${pull.modelId || pull.source}`}
          value={totalBytes === null ? undefined : receivedBytes / totalBytes}
          className="mt-2"
        />
      </div>
      {project.can("local-models:write") && (
        <Button size="small" isBusy={cancel.isPending} onClick={() => cancel.mutate(pull.pullId)}>
          Cancel
        </Button>
      )}
    </div>
  );
}

/** How long it will still take at the pace so far; nothing in the first seconds, when the pace is not known. */
function leftOf({ receivedBytes, totalBytes, startedAt }: ModelPull): string {
  const elapsed = Date.now() - Date.parse(startedAt);
  if (totalBytes === null || receivedBytes === 0 || elapsed < 3_000) return "";
  return `, about ${formatDuration(Math.max(1_000, Math.round((elapsed * (totalBytes - receivedBytes)) / receivedBytes / 1_000) * 1_000)).replace(/\.\d+ s/, " s")} left`;
}
