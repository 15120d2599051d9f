import type { Clock } from "../../../../../kernel/clock.ts";

type Sample = { readonly milliseconds: number; readonly at: number };

/** A mean over fewer calls follows a change faster, and a mean over more calls is steadier. */
const MAX_SAMPLES = 20;
const MAX_AGE_MS = 600_000;
const MAX_NAMES = 10_000;

/** What recent calls have shown of each target: how many run, and how long the first token took. In memory only. */
export const createLoads = (clock: Pick<Clock, "elapsed">) => ({ ...createRunning(), ...createMeasures(clock) });
export type Loads = ReturnType<typeof createLoads>;

function createRunning() {
  const running = new Map<string, number>();
  return {
    /** Counts a call in. Returns the function that counts it out, which may be called more than once. */
    begin(name: string): () => void {
      running.set(name, (running.get(name) ?? 0) + 1);
      let isRunning = true;
      return () => {
        if (!isRunning) return;
        isRunning = false;
        const rest = (running.get(name) ?? 1) - 1;
        if (rest > 0) running.set(name, rest);
        else running.delete(name);
      };
    },
    inFlight: (name: string): number => running.get(name) ?? 0,
  };
}

function createMeasures(clock: Pick<Clock, "elapsed">) {
  const measured = new Map<string, readonly Sample[]>();
  return {
    measure(name: string, milliseconds: number): void {
      if (!measured.has(name) && measured.size >= MAX_NAMES) measured.clear();
      const samples = measured.get(name) ?? [];
      measured.set(name, [...samples.slice(1 - MAX_SAMPLES), { milliseconds, at: clock.elapsed() }]);
    },
    /** The mean of the last 20 calls within ten minutes, in milliseconds. Null without one. */
    firstTokenMs(name: string): number | null {
      const samples = measured.get(name) ?? [];
      const recent = samples.filter(({ at }) => clock.elapsed() - at <= MAX_AGE_MS);
      if (recent.length === 0) return null;
      return recent.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / recent.length;
    },
  };
}
