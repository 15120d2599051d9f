import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";

const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 50_000;

type Bucket = { left: number; at: number };

/**
 * A number per minute for each caller; what is not used fills up again evenly. Stored in this process. `what` begins the
 * error's sentence, such as `Sign-ins come`.
 */
export function createRateLimit(clock: Clock, what: string) {
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
          message: `${what} faster than ${perMinute} times per minute. Wait as long as the Retry-After header says.`,
          retryAfterSeconds: ((1 - left) * MINUTE_MS) / perMinute / 1_000,
        });
      const [oldest] = !known && buckets.size >= MOST_REMEMBERED ? buckets.keys() : [];
      if (oldest !== undefined) buckets.delete(oldest);
      buckets.set(who, { left: left - 1, at: now });
    },
  };
}
