import { DAY_MS } from "../../../kernel/day.ts";

/** A day of UTC, such as 2026-11-26. */
export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
export const startOf = (day: string) => new Date(`${day}T00:00:00Z`);
export const dayPlus = (day: string, days: number) => dayOf(startOf(day).getTime() + days * DAY_MS);
