import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";

const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 50_000;

type Bucket = { left: number; at: number };

/** So many a minute for each of those who come: what is not used fills up again evenly. Kept in this process. */
export function createRateLimit(clock: Clock) {
  const buckets = new Map<string, Bucket>();
  return {
    /** Takes one. Throws `rate_limited` with the seconds until there is another. */
    take(who: string, perMinute: number): void {
      const now = clock.elapsed();
      const known = buckets.get(who);
      const refilled = known ? known.left + ((now - known.at) * perMinute) / MINUTE_MS : perMinute;
      const left = Math.min(perMinute, refilled);
      if (left < 1)
        throw new AppError("rate_limited", {
          message: `Feedback comes faster than ${perMinute} times a minute. Wait as long as the Retry-After header says.`,
          retryAfterSeconds: ((1 - left) * MINUTE_MS) / perMinute / 1_000,
        });
      const [oldest] = !known && buckets.size >= MOST_REMEMBERED ? buckets.keys() : [];
      if (oldest !== undefined) buckets.delete(oldest);
      buckets.set(who, { left: left - 1, at: now });
    },
  };
}
