const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
/** The waits after each failed attempt: the example of Standard Webhooks, 75 hours in all. */
const WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
/** Waits are up to a tenth longer, so that retries do not arrive together. */
const JITTER = 0.1;

/** How long to wait after so many failed attempts. Null if that was the last one. `random` is from 0 to 1. */
export function waitAfter(attempts: number, random: number): number | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (1 + JITTER * random));
}
