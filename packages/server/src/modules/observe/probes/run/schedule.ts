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

/** The milliseconds since the last run of the first hour. */
function sinceFirst(probeId: string, time: Date): number {
  const first = hoursOf(probeId)[0] * HOUR_MS + minuteOf(probeId) * 60_000;
  return (((time.getTime() - first) % DAY_MS) + DAY_MS) % DAY_MS;
}

/** The nearer of the two hours. */
export function slotAt(probeId: string, time: Date): 0 | 1 {
  const since = sinceFirst(probeId, time);
  return since < DAY_MS / 4 || since >= (3 * DAY_MS) / 4 ? 0 : 1;
}

/** Whether a run at a time belongs to the nearer hour. A run that a person starts can be further from both hours. */
export function isNearHour(probeId: string, time: Date): boolean {
  const since = sinceFirst(probeId, time) % (DAY_MS / 2);
  return Math.min(since, DAY_MS / 2 - since) <= LATEST_MS;
}

type Referenced = {
  /** The hours that have a reference. */
  readonly references: readonly number[];
  readonly isWatching: boolean;
};
export type PlannedRun = { readonly kind: "reference" | "daily"; readonly slot: number };

/**
 * The run at a time: a comparison with the reference of the nearer hour, or this reference if there is none. A reference belongs to
 * its hour, and is not collected during a suspicion. So other runs are compared with the other reference. Null without any.
 */
export function plannedRun(probeId: string, time: Date, { references, isWatching }: Referenced): PlannedRun | null {
  const slot = slotAt(probeId, time);
  if (references.includes(slot)) return { kind: "daily", slot };
  if (isWatching && isNearHour(probeId, time)) return { kind: "reference", slot };
  const [other] = references;
  return other === undefined ? null : { kind: "daily", slot: other };
}
