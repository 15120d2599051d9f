const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Lengths of a step that people read at a glance, in seconds. */
const USUAL = [
  1,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  30 * DAY,
];

/** The shortest usual step, in seconds, with which a period has at most `wanted` of them. */
export function chooseInterval(seconds: number, wanted: number): number {
  return USUAL.find((step) => seconds / step <= wanted) ?? Math.ceil(seconds / wanted / DAY) * DAY;
}

/** Weeks begin on a Monday; the first of the clock was on 5 January 1970. */
const FIRST_MONDAY_MS = 4 * DAY * 1_000;
const WEEK = 7 * DAY;

/**
 * Where the step that holds a time begins, in milliseconds. Steps follow the clock in UTC and not the period, so that the same
 * moment is in the same step whenever a chart is loaded.
 */
export function startOfStep(timeMs: number, stepSeconds: number): number {
  const offset = stepSeconds % WEEK === 0 ? FIRST_MONDAY_MS : 0;
  const step = stepSeconds * 1_000;
  return Math.floor((timeMs - offset) / step) * step + offset;
}
