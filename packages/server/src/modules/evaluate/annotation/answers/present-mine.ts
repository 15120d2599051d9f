import type { MyProgress } from "@treadle/contract";
import type { AnnotatorRow } from "../stores/annotator-store.ts";

type Person = Pick<AnnotatorRow, "submitted" | "skipped" | "discarded" | "flagged" | "recentMs">;

/** A person's work in a queue. Empty for an unknown person. */
export const toMine = (row: Person | undefined): MyProgress => ({
  submitted: row?.submitted ?? 0,
  skipped: row?.skipped ?? 0,
  discarded: row?.discarded ?? 0,
  flagged: row?.flagged ?? 0,
  medianMs: medianOf(row?.recentMs ?? []),
});

/** The median of active times, in milliseconds; null without any. */
export function medianOf(times: readonly number[]): number | null {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
