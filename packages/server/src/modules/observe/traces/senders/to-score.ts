import type { LangfuseScore, Score } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";

/** A score of Langfuse's as one of ours: numbers and yes or no as numbers, words as labels. */
export function toScore(
  { traceId, observationId, name, value, comment, timestamp }: LangfuseScore,
  now: number,
): Score {
  const number = typeof value === "boolean" ? Number(value) : value;
  return {
    traceId,
    spanId: observationId ?? "",
    name,
    value: typeof number === "number" ? number : null,
    label: typeof number === "string" ? number : "",
    comment: comment ?? "",
    source: "langfuse",
    time: new Date(timeOf(timestamp, now)).toISOString(),
  };
}

/** A time that the store takes; now, where none was sent or it cannot be. */
function timeOf(timestamp: string | null | undefined, now: number): number {
  const time = Date.parse(timestamp ?? "");
  return time > now - 5 * 365 * DAY_MS && time < now + DAY_MS ? time : now;
}
