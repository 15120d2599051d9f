import type { Answer } from "../../api.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";

export type Job = Answer<"GET /api/v1/jobs/:jobId">;

/** Whether the job has ended. */
export const isOver = ({ status }: Pick<Job, "status">) => status !== "queued" && status !== "running";

/** The progress in words: `12,000 of 200,000 rows`; empty while it is unknown. */
export function formatDone({ done, total, unit }: Job["progress"]): string {
  if (total === null && done === 0) return "";
  const inWords = unit === "bytes" ? formatBytes : formatCount;
  const counted = total === null ? inWords(done) : `${inWords(done)} of ${inWords(total)}`;
  return unit === "" || unit === "bytes" ? counted : `${counted} ${unit}`;
}

/** The progress of a job at a time, in milliseconds. */
export type Sighting = { readonly done: number; readonly at: number };

const SHORTEST_MS = 3_000;

/**
 * Milliseconds left at the rate between two samples; null while the rate is unknown. A job that continued after a
 * restart did not start at zero, so its rate is measured between the samples.
 */
export function leftMs(first: Sighting, now: Sighting, total: number | null): number | null {
  const elapsed = now.at - first.at;
  const more = now.done - first.done;
  if (total === null || elapsed < SHORTEST_MS || more <= 0 || now.done > total) return null;
  return (elapsed * (total - now.done)) / more;
}

/** Such as `about 2 m 10 s left`. */
export function formatLeft(ms: number | null): string {
  if (ms === null) return "";
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return `about ${formatDuration((seconds > 30 ? Math.round(seconds / 5) * 5 : seconds) * 1_000).replace(/\.\d+ s/, " s")} left`;
}
