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
const WANTED_STEPS = 100;

/** The shortest usual step with which a span of time has at most a hundred of them. */
export function chooseInterval(seconds: number): number {
  return USUAL.find((step) => seconds / step <= WANTED_STEPS) ?? Math.ceil(seconds / WANTED_STEPS / DAY) * DAY;
}
