import type { Clock } from "../../../../../kernel/clock.ts";

const MAX_ENTRIES = 50_000;
const IDLE_MS = 3_600_000;

/** Values by key, each forgotten an hour after it was last stored. In memory only. */
export function createRecentMap<Value>(clock: Pick<Clock, "elapsed">) {
  const entries = new Map<string, { readonly value: Value; readonly usedAt: number }>();
  return {
    size: () => entries.size,
    find(key: string): Value | null {
      const entry = entries.get(key);
      return entry && clock.elapsed() - entry.usedAt < IDLE_MS ? entry.value : null;
    },
    store(key: string, value: Value): void {
      entries.delete(key);
      entries.set(key, { value, usedAt: clock.elapsed() });
      if (entries.size <= MAX_ENTRIES) return;
      // Only now: a map finds its first key after it has walked over all that were deleted before it.
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
}
