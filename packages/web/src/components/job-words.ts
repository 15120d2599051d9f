import type { Answer } from "../api.ts";
import { formatCount, formatDuration } from "./format.ts";

export type Job = Answer<"GET /api/v1/jobs/:jobId">;

/** Whether nothing more happens with it by itself. */
export const isOver = ({ status }: Pick<Job, "status">) => status !== "queued" && status !== "running";

/** What is done of what there is: `12,000 of 200,000 rows`; empty before anything is known. */
export function formatDone({ done, total, unit }: Job["progress"]): string {
  if (total === null && done === 0) return "";
  const counted = total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;
  return unit === "" ? counted : `${counted} ${unit}`;
}

/** How far a job was at a time, in milliseconds. */
export type Sighting = { readonly done: number; readonly at: number };

const SHORTEST_MS = 3_000;

/**
 * Milliseconds that are left at the pace between two sightings; null while the pace is not known. A job that went on after
 * a restart did not begin with nothing, so its pace is what was seen of it and not what it has done since it began.
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
