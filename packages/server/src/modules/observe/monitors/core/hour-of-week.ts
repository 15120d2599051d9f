const HOUR_MS = 3_600_000;
const HOURS_OF_WEEK = 168;
/** 1970-01-01 was a Thursday. Hour 0 is Monday's first hour (UTC). */
const FIRST_HOUR = 72;
const FIRST_WEEKEND_HOUR = 120;

/** 0 to 167, from Monday 00:00 UTC. */
export const hourOfWeek = (at: number): number => (Math.floor(at / HOUR_MS) + FIRST_HOUR) % HOURS_OF_WEEK;

/** An hour of a workday (0 to 23) or of the weekend (24 to 47). */
export const hourOfDayType = (hour: number): number => (hour % 24) + (hour >= FIRST_WEEKEND_HOUR ? 24 : 0);
