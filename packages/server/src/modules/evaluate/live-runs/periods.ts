import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import type { ScheduleRow } from "./schedule-store.ts";

export type Timing = Pick<ScheduleRow, "every" | "hour" | "weekday">;
/** A period of a schedule. Its end is not part of it. */
export type Period = { readonly startsAt: Date; readonly endsAt: Date };

/** Spans arrive a little later than they happen. */
export const LATE_MS = 600_000;
/** 1970-01-05, the first Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const lengthOf = ({ every }: Timing) => (every === "day" ? DAY_MS : 7 * DAY_MS);
const offsetOf = ({ every, hour, weekday }: Timing) =>
  hour * HOUR_MS + (every === "day" ? 0 : FIRST_MONDAY_MS + (weekday - 1) * DAY_MS);

/** The newest period that ended by a time. */
export function newestPeriod(timing: Timing, now: number): Period {
  const [length, offset] = [lengthOf(timing), offsetOf(timing)];
  const end = Math.floor((now - offset) / length) * length + offset;
  return { startsAt: new Date(end - length), endsAt: new Date(end) };
}

/** The newest period whose run can start. Null if it ended before the schedule began. */
export function duePeriod(schedule: Timing & Pick<ScheduleRow, "startsAt">, now: number): Period | null {
  const period = newestPeriod(schedule, now - LATE_MS);
  return period.endsAt > schedule.startsAt ? period : null;
}

/** When the first run after a time starts. */
export function nextRunAt(timing: Timing, now: number): Date {
  return new Date(newestPeriod(timing, now - LATE_MS).endsAt.getTime() + lengthOf(timing) + LATE_MS);
}
