/** The delay of a Retry-After header in milliseconds, at most `longestMs`. The header gives seconds or an HTTP date. */
export function readRetryAfter(
  header: string | string[] | undefined,
  { now, longestMs }: { readonly now: number; readonly longestMs: number },
): number {
  const text = String(header ?? "").trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestMs) : 0;
}
