import type { SweepHead } from "./use-sweeps.ts";

const STATES: Readonly<Record<SweepHead["status"], string>> = {
  queued: "text-muted",
  running: "text-info",
  done: "text-good",
  failed: "text-bad",
  cancelled: "text-warn",
};

/** Where a search stands: a dot and a word. */
export function SweepStatus({ sweep: { status } }: { sweep: Pick<SweepHead, "status"> }) {
  return <span className={`text-sm whitespace-nowrap ${STATES[status]}`}>● {status}</span>;
}
