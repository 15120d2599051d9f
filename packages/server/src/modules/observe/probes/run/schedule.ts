import { createHash } from "node:crypto";
import { DAY_MS, HOUR_MS } from "../../../../kernel/day.ts";

/** A run that could not start in this time waits for the next one: its reference belongs to an hour of the day. */
const LATEST_MS = 3 * HOUR_MS;

/** The two hours of the day in UTC at which a probe runs in turn, spread by its id. */
export function hoursOf(probeId: string): readonly [number, number] {
  const hour = hashOf(probeId) % 12;
  return [hour, hour + 12];
}

const hashOf = (probeId: string) => createHash("sha256").update(probeId).digest().readUInt32BE(0);
const minuteOf = (probeId: string) => (hashOf(probeId) >>> 8) % 60;

const slotOf = (day: number): 0 | 1 => (day % 2 === 0 ? 0 : 1);

/** The time of the run of a day, counted from 1970. Even days have the earlier hour. */
const timeOf = (probeId: string, day: number) =>
  day * DAY_MS + (hoursOf(probeId)[slotOf(day)] ?? 0) * HOUR_MS + minuteOf(probeId) * 60_000;

/** The first run after a time. */
export function nextRunAfter(probeId: string, now: number): Date {
  const today = Math.floor(now / DAY_MS);
  const days = [today, today + 1, today + 2].map((day) => timeOf(probeId, day));
  return new Date(days.find((time) => time > now) ?? now + DAY_MS);
}

/** Whether a planned run is too late for its hour. */
export const isMissed = (planned: Date, now: number): boolean => now > planned.getTime() + LATEST_MS;

/** The nearer of the two hours. A run that a person starts is compared with the reference of this hour. */
export function slotAt(probeId: string, time: Date): 0 | 1 {
  const first = hoursOf(probeId)[0] * HOUR_MS + minuteOf(probeId) * 60_000;
  const since = (((time.getTime() - first) % DAY_MS) + DAY_MS) % DAY_MS;
  return since < DAY_MS / 4 || since >= (3 * DAY_MS) / 4 ? 0 : 1;
}
