import type { Counter } from "./active-limit.ts";
import { createFairQueue, type FairQueue, type Queued } from "./fair-queue.ts";

/** A call that waits in the line of a counter. */
export type InLine = Queued & { readonly counter: Counter };
export type Line<Waiter extends InLine> = {
  readonly queue: FairQueue<Waiter>;
  /** Runs when the first call can pass; undefined if it waits for another call to end. */
  timer: NodeJS.Timeout | undefined;
};

/** Calls that may wait for one limit. */
const MOST_WAITING = 1_000;
/** Calls that may wait for all limits. Each holds one of the calls that the gateway runs at the same time. */
const MOST_IN_ALL = 1_500;

/** The lines of all counters that calls wait for. */
export function createLines<Waiter extends InLine>() {
  const lines = new Map<Counter, Line<Waiter>>();
  let waiting = 0;
  const count = ({ counter }: Waiter, change: 1 | -1) => {
    counter.waiting += change;
    counter.limit.waiting += change;
    waiting += change;
  };
  return {
    at: (counter: Counter) => lines.get(counter),
    isFull: ({ limit }: Counter) => limit.waiting >= MOST_WAITING || waiting >= MOST_IN_ALL,
    all: () => [...lines.values()].flatMap(({ queue }) => queue.entries()),
    add(waiter: Waiter): Line<Waiter> {
      const line = lines.get(waiter.counter) ?? { queue: createFairQueue<Waiter>(), timer: undefined };
      lines.set(waiter.counter, line);
      line.queue.add(waiter);
      count(waiter, 1);
      return line;
    },
    /** Takes a call out of its line. `serve`: it has got what it waited for. */
    take(waiter: Waiter, how: "serve" | "remove"): void {
      const line = lines.get(waiter.counter);
      if (!line) return;
      line.queue[how](waiter);
      count(waiter, -1);
      if (line.queue.size() === 0 && lines.delete(waiter.counter)) clearTimeout(line.timer);
    },
  };
}
export type Lines<Waiter extends InLine> = ReturnType<typeof createLines<Waiter>>;
