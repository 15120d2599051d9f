import { formatPercent } from "../../components/format.ts";
import type { Run } from "./use-training.ts";

const STATES: Readonly<Record<Run["status"], { look: string; word: string }>> = {
  queued: { look: "text-muted", word: "queued" },
  preparing: { look: "text-info", word: "preparing" },
  running: { look: "text-info", word: "running" },
  saving: { look: "text-info", word: "saving" },
  succeeded: { look: "text-good", word: "done" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "cancelled" },
  paused: { look: "text-warn", word: "paused" },
};

/** Where a run stands: a dot, a word, and how far it is while it trains. */
export function RunStatus({ run }: { run: Run }) {
  const { look, word } = STATES[run.status];
  const share = shareOf(run);
  return (
    <span className={`num text-sm whitespace-nowrap ${look}`}>
      ● {word}
      {run.status === "running" && share !== undefined && ` ${formatPercent(share)}`}
      {run.queuePosition !== null && ` (${run.queuePosition})`}
    </span>
  );
}

/** How much of its steps a run has made, from 0 to 1; undefined while that is not known. */
export function shareOf({ progress: { step, totalSteps } }: Pick<Run, "progress">): number | undefined {
  return step === null || !totalSteps ? undefined : step / totalSteps;
}
