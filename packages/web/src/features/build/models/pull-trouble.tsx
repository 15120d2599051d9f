import { CircleAlert } from "lucide-react";
import { Button } from "../../../components/form/button.tsx";
import { formatAgo, formatBytes } from "../../../components/text/format.ts";
import { useModelPulls, useStartPull } from "./use-models.ts";

/** Failed downloads that were not retried yet. The received bytes are stored, so a retry continues from there. */
export function PullTrouble() {
  const pulls = useModelPulls();
  const start = useStartPull();
  const items = pulls.data?.items ?? [];
  const failed = items.filter(
    (pull, index) => pull.state === "failed" && items.findIndex(({ source }) => source === pull.source) === index,
  );
  return failed.map((pull) => (
    <div
      key={pull.pullId}
      role="alert"
      className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-card border border-bad/40 bg-bad-soft px-4 py-3"
    >
      <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-60 grow">
        <p>
          <span className="font-medium">{pull.modelId || pull.source}</span> could not be pulled{" "}
          {pull.endedAt && formatAgo(pull.endedAt)}
        </p>
        <p className="break-words text-muted">{pull.error}</p>
        {pull.receivedBytes > 0 && (
          <p className="num text-muted">{formatBytes(pull.receivedBytes)} already downloaded and kept for a retry.</p>
        )}
      </div>
      <Button size="small" isBusy={start.isPending} onClick={() => start.mutate(pull.source)}>
        Retry
      </Button>
    </div>
  ));
}
