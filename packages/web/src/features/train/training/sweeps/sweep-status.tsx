import type { SweepHead } from "./use-sweeps.ts";

const STATES: Readonly<Record<SweepHead["status"], { look: string; word: string }>> = {
  queued: { look: "text-muted", word: "queued" },
  running: { look: "text-info", word: "running" },
  done: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
};

/** The status of a sweep: a dot and a word. */
export function SweepStatus({ sweep: { status } }: { sweep: Pick<SweepHead, "status"> }) {
  return <span className={`text-sm whitespace-nowrap ${STATES[status].look}`}>● {STATES[status].word}</span>;
}
