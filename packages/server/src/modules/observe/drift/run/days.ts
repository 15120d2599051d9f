import { DAY_MS } from "../../../../kernel/day.ts";

/** Such as `2026-01-31`, in UTC. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const startOf = (day: string): Date => new Date(`${day}T00:00:00.000Z`);
export const shiftDay = (day: string, days: number): string => dayOf(startOf(day).getTime() + days * DAY_MS);
export const yesterday = (now: number): string => dayOf(now - DAY_MS);
