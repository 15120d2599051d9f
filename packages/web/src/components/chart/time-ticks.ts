/** A label under an axis of time: its position from 0 to 1 and its text. */
export type Tick = { readonly at: number; readonly text: string };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances between two labels that people read at a glance, in milliseconds. */
const DISTANCES = [
  1_000,
  5_000,
  15_000,
  30_000,
  MINUTE,
  5 * MINUTE,
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
  14 * DAY,
  28 * DAY,
];
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/**
 * Round times of the viewer's zone between two moments (milliseconds), at most `most` of them. The first label of a day
 * includes the date.
 */
export function timeTicks({ from, to }: { from: number; to: number }, most: number): readonly Tick[] {
  const distance =
    DISTANCES.find((one) => (to - from) / one <= most) ?? DAY * Math.ceil((to - from) / DAY / Math.max(1, most));
  const start = new Date(from);
  start.setHours(0, 0, 0, 0);
  const ticks: Tick[] = [];
  for (let step = 0; ; step += 1) {
    const time = stepFrom(start, step * distance);
    if (time > to) return ticks;
    if (time >= from) ticks.push({ at: (time - from) / (to - from), text: textOf(time, distance) });
  }
}

/** Whole days are counted by the calendar, since one of them may have 23 or 25 hours. */
function stepFrom(start: Date, ms: number): number {
  const time = new Date(start);
  time.setDate(time.getDate() + Math.floor(ms / DAY));
  return time.getTime() + (ms % DAY);
}

function textOf(time: number, distance: number): string {
  const isMidnight = new Date(time).getHours() === 0 && new Date(time).getMinutes() === 0;
  if (distance >= DAY || isMidnight) return day.format(time);
  return (distance < MINUTE ? seconds : clock).format(time);
}
