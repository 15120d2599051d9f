import { countOf } from "../../../../kernel/count-of.ts";
import type { SpoolStatus } from "../../../../platform/spool/port.ts";

/** A span is sent when it has ended. This is how long it may take until it is received and in the spool. */
const ARRIVAL_MS = 10_000;
/** A delay that is worth a message. */
const LATE_MS = 120_000;

/**
 * All spans that were received before this time are stored. What waits in the spool is at most as old as its oldest row, so that
 * nothing of a window before it can still come from there.
 */
export const completeUntil = (
  now: number,
  { oldestPendingSeconds }: Pick<SpoolStatus, "oldestPendingSeconds">,
): number => now - ARRIVAL_MS - (oldestPendingSeconds ?? 0) * 1_000;

/** Why windows are not complete. Empty if they are. */
export function describeDelay({ oldestPendingSeconds, pendingRows }: SpoolStatus): string {
  const seconds = Math.round(oldestPendingSeconds ?? 0);
  if (seconds * 1_000 < LATE_MS) return "";
  return `${countOf(pendingRows, "received row")} ${pendingRows === 1 ? "waits" : "wait"} to be stored, for up to ${seconds} seconds. The evaluation continues when the spans are stored.`;
}
