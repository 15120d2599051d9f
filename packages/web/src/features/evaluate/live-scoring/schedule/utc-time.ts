/** For example `2026-12-01 03:10 UTC`. Schedules are in UTC. */
export const utcTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
