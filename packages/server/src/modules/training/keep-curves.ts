import type { TrainingSeries } from "@treadle/contract";
import type { createEventStore } from "./event-store.ts";
import { addMeasured, type Curves, createCurves, thinCurves } from "./thin-curves.ts";

/** Runs whose curves are kept in memory; the one that was looked at longest ago goes first. A run of 100,000 steps takes some 16 MB. */
const MOST_KEPT = 4;
const BATCH = 10_000;

type Kept = { readonly curves: Curves; after: number; turn: Promise<void> };

/** The curves of runs, each event read once however often somebody looks: a long run that is watched costs no more than a short one. */
export function createKeptCurves(events: Pick<ReturnType<typeof createEventStore>, "listMeasured">) {
  const kept = new Map<string, Kept>();

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
      const one = kept.get(runId) ?? { curves: createCurves(), after: 0, turn: Promise.resolve() };
      kept.delete(runId);
      kept.set(runId, one);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
      // One after another, so that no event is added twice; one that fails leaves the next to go on from there.
      one.turn = one.turn.catch(() => undefined).then(() => readOn(runId, one));
      await one.turn;
      return thinCurves(one.curves, points);
    },
  };
}
