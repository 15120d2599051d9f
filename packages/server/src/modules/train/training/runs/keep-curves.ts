import type { TrainingSeries } from "@treadle/contract";
import type { createEventStore } from "../stores/event-store.ts";
import { addMeasured, type Curves, createCurves, thinCurves } from "./thin-curves.ts";

/**
 * The number of runs whose curves are cached; the least recently viewed is removed first. A run of 100,000 steps takes
 * about 16 MB.
 */
const MOST_KEPT = 4;
const BATCH = 10_000;

type Kept = { readonly curves: Curves; after: number; turn: Promise<void> };

/** The curves of runs. Each event is read once, so a watched long run costs no more than a short one. */
export function createKeptCurves(events: Pick<ReturnType<typeof createEventStore>, "listMeasured">) {
  const curves = new Map<string, Kept>();

  async function readOn(runId: string, one: Kept): Promise<void> {
    for (;;) {
      const measured = await events.listMeasured(runId, { after: one.after, limit: BATCH });
      addMeasured(one.curves, measured);
      one.after = measured.at(-1)?.seq ?? one.after;
      if (measured.length < BATCH) return;
    }
  }

  return {
    async read(runId: string, points: number): Promise<TrainingSeries[]> {
      const one = curves.get(runId) ?? { curves: createCurves(), after: 0, turn: Promise.resolve() };
      curves.delete(runId);
      curves.set(runId, one);
      for (const oldest of curves.keys()) {
        if (curves.size <= MOST_KEPT) break;
        curves.delete(oldest);
      }
      // One after another, so that no event is added twice. After a failure, the next one continues from there.
      one.turn = one.turn.catch(() => undefined).then(() => readOn(runId, one));
      await one.turn;
      return thinCurves(one.curves, points);
    },
  };
}
