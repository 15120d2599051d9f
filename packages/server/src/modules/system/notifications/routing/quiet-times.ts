import { type QuietTimes, WEEKDAYS } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** When the quiet time that a moment lies in ends. Null if it lies in none. */
export function quietUntil(quiet: QuietTimes, now: number): number | null {
  const start = minutesOf(quiet.from);
  const length = (minutesOf(quiet.to) - start + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  let end: number | null = null;
  // A quiet time can have begun yesterday, and the next one can begin at its end.
  for (let step = 0, moment = now; step <= WEEKDAYS.length; step++) {
    const until = endAt(quiet, { start, length }, moment);
    if (until === null) return end;
    end = until;
    moment = until;
  }
  return end;
}

type Span = { readonly start: number; readonly length: number };

function endAt({ timeZone, days }: QuietTimes, { start, length }: Span, moment: number): number | null {
  const local = localTime(moment, timeZone);
  for (const back of [0, 1]) {
    const day = WEEKDAYS[(local.weekday - back + WEEKDAYS.length) % WEEKDAYS.length];
    const elapsed = local.minutes + back * DAY_MINUTES - start;
    if (day === undefined || !days.includes(day) || elapsed < 0 || elapsed >= length) continue;
    const wanted = (start + length) % DAY_MINUTES;
    const estimate = Math.floor(moment / MINUTE_MS) * MINUTE_MS + (length - elapsed) * MINUTE_MS;
    return correct(estimate, { wanted, timeZone });
  }
  return null;
}

/** Moves an estimate by the change of the clock in between, so that the quiet time ends at its local time. */
function correct(estimate: number, { wanted, timeZone }: { readonly wanted: number; readonly timeZone: string }) {
  const off = localTime(estimate, timeZone).minutes - wanted;
  const shift = ((off + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2;
  return estimate - shift * MINUTE_MS;
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The minutes since local midnight, and the weekday from 0 for Monday. */
function localTime(moment: number, timeZone: string): { minutes: number; weekday: number } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  const days = Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
  // 1970 began on a Thursday.
  return { minutes: hour * 60 + minute, weekday: (days + 3) % 7 };
}
