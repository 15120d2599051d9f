import type { ScheduledExport } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";

const LENGTH_MS = { hour: 3_600_000, day: DAY_MS } as const;

/** The beginning of the hour or day, in UTC, that holds a time. */
export const periodOf = (time: number, every: ScheduledExport["every"]): Date =>
  new Date(Math.floor(time / LENGTH_MS[every]) * LENGTH_MS[every]);

/** The beginning of the next one. */
export const nextPeriod = (from: Date, every: ScheduledExport["every"]): Date =>
  new Date(from.getTime() + LENGTH_MS[every]);
