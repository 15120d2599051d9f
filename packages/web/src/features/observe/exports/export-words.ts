import { formatNumberOf } from "../../../components/text/format.ts";
import type { ScheduledExport } from "./use-exports.ts";

type Period = { readonly from: string; readonly to: string };

const PERIOD_MS = { hour: 3_600_000, day: 86_400_000 } as const;
/** A file is written this long after its period has ended. */
const SETTLE_MS = 300_000;
/** The server looks every few seconds; only what is later than this is late. */
const LATE_MS = 120_000;

const day = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });

/** A period as files are cut, in UTC: `20 Nov 2026`, `20 Nov 2026, 12:00–13:00`, or finer where one was split. */
export function formatPeriod({ from, to }: Period): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const midnight = Math.floor(start / PERIOD_MS.day) * PERIOD_MS.day;
  if (start === midnight && end === midnight + PERIOD_MS.day) return day.format(start);
  return `${day.format(start)}, ${formatClock(start - midnight)}–${formatClock(end - midnight)}`;
}

/** Milliseconds since midnight as `12:00`, with seconds where there are any; the end of the day is `24:00`. */
function formatClock(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const [minutes, seconds] = [Math.floor(ms / 60_000), (ms % 60_000) / 1_000];
  const clock = `${two(minutes / 60)}:${two(minutes % 60)}`;
  if (seconds === 0) return clock;
  return `${clock}:${two(seconds)}${seconds % 1 === 0 ? "" : seconds.toFixed(3).slice(-4)}`;
}

type Schedule = Pick<ScheduledExport, "every" | "nextFrom">;

/** The period that is written next, and when that is due. */
export function nextOf({ every, nextFrom }: Schedule): Period & { readonly dueAt: number } {
  const end = Date.parse(nextFrom) + PERIOD_MS[every];
  return { from: nextFrom, to: new Date(end).toISOString(), dueAt: end + SETTLE_MS };
}

export type ExportState = "paused" | "failing" | "behind" | "waiting";

/** How an export is doing: `behind` has periods to catch up on, `waiting` has written all that is over. */
export function stateOf(item: Schedule & Pick<ScheduledExport, "isEnabled" | "lastError">, now: number): ExportState {
  if (!item.isEnabled) return "paused";
  if (item.lastError) return "failing";
  return nextOf(item).dueAt + LATE_MS < now ? "behind" : "waiting";
}

/** What a person can do about an error; the server tries again by itself meanwhile. */
export function adviceFor(lastError: string): "narrow" | "space" | "filter" | "stores" {
  if (/more spans than one file/i.test(lastError)) return "narrow";
  if (/disk is full|no space|ENOSPC/i.test(lastError)) return "space";
  if (/filter/i.test(lastError)) return "filter";
  return "stores";
}

/** How far back so many files reach when each period has one: `about 400 days`. */
export function reachOf(keepFiles: number, every: ScheduledExport["every"]): string {
  const days = every === "day" ? keepFiles : keepFiles / 24;
  if (days < 3) return `about ${formatNumberOf(Math.round(days * 24), "hour")}`;
  return days < 730
    ? `about ${formatNumberOf(Math.round(days), "day")}`
    : `about ${formatNumberOf(Math.round(days / 365), "year")}`;
}
