import type { Clock } from "./kernel/clock.ts";
import type { StoreState } from "./platform/http/listen/hold-requests.ts";
import type { Say } from "./say.ts";

const STORES = ["postgres", "columnar", "objects", "spool"] as const;
type Name = (typeof STORES)[number];

const SAY_EVERY_MS = 10_000;

/** How far the stores are with opening, for `/readyz` and for the person who starts the server. */
export function createOpeningProgress({ say, clock }: { say: Say; clock: Clock }) {
  const startedAt = clock.elapsed();
  const openMs = new Map<Name, number>();
  const seconds = (ms: number) => Math.round(ms / 1_000);
  const sinceStart = () => clock.elapsed() - startedAt;

  const timer = setInterval(() => {
    const late = STORES.filter((name) => !openMs.has(name));
    if (late.length === 0) return;
    say(
      `Still opening after ${seconds(sinceStart())} s: ${late.join(", ")}. This takes longer on a busy machine, and after a crash, when a store recovers first.`,
    );
  }, SAY_EVERY_MS).unref();

  return {
    /** Gives the promise back, and notes when it resolves. */
    track<Store>(name: Name, opening: Promise<Store>): Promise<Store> {
      return opening.then((store) => {
        openMs.set(name, sinceStart());
        return store;
      });
    },
    states: (): StoreState[] =>
      STORES.map((name) => {
        const ms = openMs.get(name);
        if (ms !== undefined) return { name, state: "ok", message: `It was opened in ${seconds(ms)} s.` };
        return { name, state: "starting", message: `It has been opening for ${seconds(sinceStart())} s.` };
      }),
    stop: () => clearInterval(timer),
  };
}
export type OpeningProgress = ReturnType<typeof createOpeningProgress>;
