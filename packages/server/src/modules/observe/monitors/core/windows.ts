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

/** A burn pair is read again when a tenth of its short window has passed, and at most once a minute. */
const REFRESH_PARTS = 10;
const LEAST_REFRESH_SECONDS = 60;

/** How long what was read of a window is used, in seconds by the length of the window. 0 if it is read for each evaluation. */
export function refreshSecondsOf(windows: Windows): ReadonlyMap<number, number> {
  const { condition } = windows;
  const refresh = new Map(windowLengthsOf(windows).map((length) => [length, 0]));
  if (condition.kind !== "burn") return refresh;
  for (const { longMinutes, shortMinutes } of condition.windows) {
    const seconds = Math.max(LEAST_REFRESH_SECONDS, (shortMinutes * 60) / REFRESH_PARTS);
    for (const length of [longMinutes * 60, shortMinutes * 60])
      refresh.set(length, Math.min(refresh.get(length) || seconds, seconds));
  }
  return refresh;
}

/** The end of the last window that is complete, in milliseconds since 1970. Windows end at multiples of the step. */
export const lastEnd = (plan: Windows, completeUntil: number): number => {
  const stepMs = stepSecondsOf(plan) * 1_000;
  return Math.floor(completeUntil / stepMs) * stepMs;
};
