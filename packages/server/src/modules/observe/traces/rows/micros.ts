/** Microseconds since 1970 of an ISO 8601 time. A `number` holds them exactly until the year 2255. */
export function toMicros(iso: string): number {
  const milliseconds = Date.parse(iso);
  // `2026-01-01T00:00:00.000Z` has no digits below the millisecond; that is what almost every caller sends.
  const finer = iso.length <= 24 ? undefined : /\.\d{3}(\d{1,3})/.exec(iso)?.[1];
  return milliseconds * 1_000 + Number((finer ?? "").padEnd(3, "0"));
}

/** ISO 8601 in UTC, with three digits of a second, or six where they say more. */
export function fromMicros(micros: number): string {
  const milliseconds = Math.floor(micros / 1_000);
  const iso = new Date(milliseconds).toISOString();
  const finer = micros - milliseconds * 1_000;
  return finer === 0 ? iso : `${iso.slice(0, -1)}${String(finer).padStart(3, "0")}Z`;
}
