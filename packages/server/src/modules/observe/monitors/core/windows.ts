import type { MonitorInput } from "@treadle/contract";

type Windows = Pick<MonitorInput, "condition" | "windowSeconds" | "everySeconds">;

/**
 * The time between two evaluations. Windows of a change do not overlap, because evidence is multiplied only if the windows are
 * independent.
 */
export function stepSecondsOf({ condition, windowSeconds, everySeconds }: Windows): number {
  if (condition.kind !== "change") return everySeconds;
  return windowSeconds * Math.ceil(everySeconds / windowSeconds);
}

/** The lengths of all windows that an evaluation reads, in seconds. */
export function windowLengthsOf({ condition, windowSeconds }: Windows): number[] {
  if (condition.kind !== "burn") return [windowSeconds];
  const minutes = condition.windows.flatMap(({ longMinutes, shortMinutes }) => [longMinutes, shortMinutes]);
  return [...new Set(minutes)].map((length) => length * 60);
}

/** The end of the last window that is complete, in milliseconds since 1970. Windows end at multiples of the step. */
export const lastEnd = (plan: Windows, completeUntil: number): number => {
  const stepMs = stepSecondsOf(plan) * 1_000;
  return Math.floor(completeUntil / stepMs) * stepMs;
};
