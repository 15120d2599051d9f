import type { Thread } from "../../../../platform/threads/port.ts";
import type { ReadOrder, TextsRead } from "./read-texts.ts";

/** The requests to a thread that reads texts, and its results. */
export type ReaderOrders = {
  readonly begin: { readonly order: null; readonly answer: true };
  readonly read: { readonly order: ReadOrder; readonly answer: TextsRead };
};
/** Reads texts elsewhere. Never rejects. */
export type ReadElsewhere = (order: ReadOrder) => Promise<TextsRead | "failed" | "timeout">;
type ReaderThread = Thread<ReaderOrders>;

type Options = {
  readonly threads: readonly ReaderThread[];
  /** The longest time for one order, in milliseconds. */
  readonly limitMs?: number;
  /** More characters do not wait at the same time. */
  readonly mostCharacters?: number;
};

/** Fifty times what the longest order needs. */
const LIMIT_MS = 2_000;
/** A thread that starts loads all detectors. */
const START_MS = 20_000;
/** A thread reads so many characters in a few seconds. */
const MOST_CHARACTERS = 20_000_000;

/**
 * Reads texts in threads, one order per thread at a time, in the order in which they arrive. A thread that takes too long is
 * stopped, and starts again with the next order.
 */
export function createTextReader({ threads, limitMs = LIMIT_MS, mostCharacters = MOST_CHARACTERS }: Options) {
  const free = createFreeThreads(threads);
  let waiting = 0;
  const read: ReadElsewhere = async (order) => {
    const size = order.texts.reduce((sum, { text }) => sum + text.length, 0);
    if (waiting + size > mostCharacters) return "timeout";
    waiting += size;
    const thread = await free.take();
    try {
      return await ask(thread, order, limitMs);
    } finally {
      waiting -= size;
      free.putBack(thread);
    }
  };
  return {
    read,
    async close(): Promise<void> {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
export type TextReader = ReturnType<typeof createTextReader>;

/** The threads without an order. Orders wait until there is one. */
function createFreeThreads(threads: readonly ReaderThread[]) {
  const idle = [...threads];
  const queue: ((thread: ReaderThread) => void)[] = [];
  return {
    take: (): Promise<ReaderThread> | ReaderThread => idle.pop() ?? new Promise((resolve) => void queue.push(resolve)),
    putBack(thread: ReaderThread): void {
      const next = queue.shift();
      if (next) next(thread);
      else idle.push(thread);
    },
  };
}

async function ask(thread: ReaderThread, order: ReadOrder, limitMs: number): ReturnType<ReadElsewhere> {
  try {
    // The time to start a thread is not the time to read a text.
    const hasBegun = await within(thread.ask("begin", null), START_MS);
    const result = hasBegun && (await within(thread.ask("read", order), limitMs));
    if (result !== null) return result;
  } catch {
    return "failed";
  }
  await thread.close();
  return "timeout";
}

/** Null if the work takes longer. It then goes on, and is rejected when its thread stops. */
async function within<Result extends object | true>(work: Promise<Result>, ms: number): Promise<Result | null> {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, ms, null);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
