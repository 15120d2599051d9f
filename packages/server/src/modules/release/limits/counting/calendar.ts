import { DAY_MS } from "../../../../kernel/day.ts";

export type Period = { readonly start: number; readonly end: number };

/** Longer than the longest day, with a change of the clocks and the change of a country's time zone. */
const LONGEST = { day: 2.1 * DAY_MS, month: 32.1 * DAY_MS } as const;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const existing = formats.get(timeZone);
  if (existing) return existing;
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  formats.set(timeZone, format);
  return format;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The day or month that holds a moment, in a time zone, in milliseconds. The end belongs to the next period. */
export function periodOf(unit: "day" | "month", timeZone: string, now: number): Period {
  const format = formatOf(timeZone);
  const length = unit === "day" ? 10 : 7;
  const nameAt = (time: number) => format.format(time).slice(0, length);
  const current = nameAt(now);
  return {
    start: firstMoment((time) => nameAt(time) === current, now - LONGEST[unit], now),
    end: firstMoment((time) => nameAt(time) !== current, now, now + LONGEST[unit]),
  };
}

/** The first millisecond after `from` for which the test holds, which it does from then on up to `to`. */
function firstMoment(isReached: (time: number) => boolean, from: number, to: number): number {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isReached(middle)) after = middle;
    else before = middle;
  }
  return after;
}
