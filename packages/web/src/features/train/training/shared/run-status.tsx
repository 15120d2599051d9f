import { formatPercent } from "../../../../components/text/format.ts";
import type { Run } from "./use-training.ts";

const STATES: Readonly<Record<Run["status"], { look: string; word: string }>> = {
  queued: { look: "text-muted", word: "queued" },
  preparing: { look: "text-info", word: "preparing" },
  running: { look: "text-info", word: "running" },
  saving: { look: "text-info", word: "saving" },
  succeeded: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
  paused: { look: "text-warn", word: "paused" },
};

/** The status of a run: a dot, a word, and its progress while it trains. */
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

/** Progress of the current evaluation, from 0 to 1; undefined while unknown. */
export function evaluatedShareOf({ progress: { evalBatches, evalTotalBatches } }: Pick<Run, "progress">) {
  return evalBatches === null || !evalTotalBatches ? undefined : evalBatches / evalTotalBatches;
}

/** Progress in steps, from 0 to 1; undefined while unknown. */
export function shareOf({ progress: { step, totalSteps } }: Pick<Run, "progress">): number | undefined {
  return step === null || !totalSteps ? undefined : step / totalSteps;
}
