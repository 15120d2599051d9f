import type { Clock } from "../../../../../kernel/clock.ts";

type Samples = { readonly times: number[]; readonly ats: number[] };

/** A mean over fewer calls follows a change faster, and a mean over more calls is steadier. */
const MAX_SAMPLES = 20;
const MAX_AGE_MS = 600_000;
const MAX_NAMES = 10_000;

/** What recent calls have shown of each target: how many run, and how long the first token took. In memory only. */
export function createLoads(clock: Pick<Clock, "elapsed">) {
  const running = new Map<string, number>();
  const measured = new Map<string, Samples>();

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

    measure(name: string, milliseconds: number): void {
      if (!measured.has(name) && measured.size >= MAX_NAMES) measured.clear();
      const samples = measured.get(name) ?? { times: [], ats: [] };
      measured.set(name, samples);
      samples.times.push(milliseconds);
      samples.ats.push(clock.elapsed());
      if (samples.times.length <= MAX_SAMPLES) return;
      samples.times.shift();
      samples.ats.shift();
    },

    /** The mean of the last 20 calls within ten minutes, in milliseconds. Null without one. */
    firstTokenMs(name: string): number | null {
      const samples = measured.get(name);
      if (!samples) return null;
      const from = samples.ats.findIndex((at) => clock.elapsed() - at <= MAX_AGE_MS);
      if (from < 0) {
        measured.delete(name);
        return null;
      }
      const recent = samples.times.slice(from);
      return recent.reduce((sum, time) => sum + time, 0) / recent.length;
    },
  };
}
export type Loads = ReturnType<typeof createLoads>;
