import { setImmediate as nextTurn } from "node:timers/promises";
import type { Item } from "@treadle/contract";
import { inBatches } from "./row-step.ts";
import type { StepContext } from "./step.ts";

/** The parts of a step's context that algorithms over all items need. */
export type Reading = Pick<StepContext, "read" | "rows" | "signal" | "progress">;

/** The duration of uninterrupted work before other work gets its turn. */
const SLICE_MS = 4;

/** Items as they are read, with turns for the rest of the process in between. Throws the signal's reason once it is aborted. */
export async function* gently({ read, signal }: Pick<Reading, "read" | "signal">): AsyncGenerator<Item> {
  let startedAt = performance.now();
  for await (const item of read()) {
    yield item;
    if (performance.now() - startedAt < SLICE_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    startedAt = performance.now();
  }
}

type Feeding = {
  /** The range of the total progress, from 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** Takes items and the row of the first of them. The next items are read meanwhile, and handed over once it is done. */
  hand(items: readonly Item[], firstRow: number): Promise<unknown>;
};

/** Passes all items in batches, and reports progress. */
export async function feed(reading: Reading, { from, to, hand }: Feeding): Promise<void> {
  let rows = 0;
  let before: Promise<unknown> = Promise.resolve();
  for await (const items of inBatches(gently(reading))) {
    await before;
    before = hand(items, rows);
    // Handled before the next call, so that an earlier failure is not unhandled.
    before.catch(() => undefined);
    rows += items.length;
    reading.progress(from + (to - from) * Math.min(1, rows / Math.max(1, reading.rows)));
  }
  await before;
}
