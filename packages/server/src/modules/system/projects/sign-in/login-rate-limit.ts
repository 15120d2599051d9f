import type { Clock } from "../../../../kernel/clock.ts";

const MAX_REMEMBERED = 20_000;

type Options = {
  readonly clock: Clock;
  /** Wrong tries that cost nothing. */
  readonly free: number;
  /** The wait after the first try beyond those; it doubles with each further one. */
  readonly firstWaitSeconds: number;
  readonly maxWaitSeconds: number;
};

/**
 * Counts wrong credentials per address, and returns the time to wait. A right credential is never counted, and callers
 * do not wait for others. An entry is removed after the longest wait without a new one.
 */
export function createLoginRateLimit({ clock, free, firstWaitSeconds, maxWaitSeconds }: Options) {
  const guesses = new Map<string, { count: number; lastAt: number }>();

  function of(who: string) {
    const known = guesses.get(who);
    if (known && clock.elapsed() - known.lastAt < maxWaitSeconds * 2_000) return known;
    return undefined;
  }

  return {
    /** Seconds until the next attempt is allowed. 0 if it is allowed now. */
    waitSeconds(who: string): number {
      const known = of(who);
      if (!known || known.count <= free) return 0;
      const wait = Math.min(maxWaitSeconds, firstWaitSeconds * 2 ** (known.count - free - 1));
      return Math.max(0, wait - (clock.elapsed() - known.lastAt) / 1_000);
    },
    noteWrong(who: string) {
      const count = (of(who)?.count ?? 0) + 1;
      guesses.delete(who);
      guesses.set(who, { count, lastAt: clock.elapsed() });
      const [oldest] = guesses.keys();
      if (guesses.size > MAX_REMEMBERED && oldest !== undefined) guesses.delete(oldest);
    },
    forget(who: string) {
      guesses.delete(who);
    },
  };
}
