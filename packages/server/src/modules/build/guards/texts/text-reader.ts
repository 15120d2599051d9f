import type { Thread } from "../../../../platform/threads/port.ts";
import type { ReadOrder, TextsRead } from "./read-texts.ts";

/** The requests to a thread that reads texts, and its results. */
export type ReaderOrders = {
  readonly begin: { readonly order: null; readonly answer: true };
  readonly read: { readonly order: ReadOrder; readonly answer: TextsRead };
};
/** Reads texts elsewhere. Null if that would take longer than reading them where they are. Never rejects. */
export type ReadElsewhere = (order: ReadOrder) => Promise<TextsRead | "failed" | "timeout" | null>;
type ReaderThread = Thread<ReaderOrders>;

type Options = {
  readonly threads: readonly ReaderThread[];
  /** The longest time for one order, in milliseconds. */
  readonly limitMs?: number;
  /** More characters do not wait at the same time. */
  readonly mostCharacters?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
};

/** A hundred times what the longest order needs: a machine that is busy with other work must not stop calls. */
const LIMIT_MS = 5_000;
const START_MS = 60_000;
/** A thread reads so many characters in a few seconds. */
const MOST_CHARACTERS = 20_000_000;
/** A thread ends after a minute without an order. */
const READY_MS = 50_000;

/**
 * Reads texts in threads, one order per thread at a time, in the order in which they arrive. A thread needs a second or more to
 * start, and until then nothing is read in it. A thread that takes too long is stopped, and starts again.
 */
export function createTextReader({ limitMs = LIMIT_MS, mostCharacters = MOST_CHARACTERS, ...options }: Options) {
  const slots = createSlots(options);
  let waiting = 0;

  async function readIn(slot: Slot, order: ReadOrder): ReturnType<ReadElsewhere> {
    try {
      const result = await within(slot.thread.ask("read", order), limitMs);
      if (result !== null) {
        slots.putBack(slot);
        return result;
      }
      await slot.thread.close();
    } catch {
      slots.restart(slot);
      return "failed";
    }
    slots.restart(slot);
    return "timeout";
  }

  const read: ReadElsewhere = async (order) => {
    const size = order.texts.reduce((sum, { text }) => sum + text.length, 0);
    if (waiting + size > mostCharacters) return "timeout";
    waiting += size;
    try {
      const slot = await slots.take();
      return slot && (await readIn(slot, order));
    } finally {
      waiting -= size;
    }
  };
  return {
    read,
    async close(): Promise<void> {
      await Promise.all(options.threads.map((thread) => thread.close()));
    },
  };
}
export type TextReader = ReturnType<typeof createTextReader>;

type Slot = { readonly thread: ReaderThread; state: "cold" | "starting" | "free" | "busy"; readyUntil: number };

/** The threads, and the orders that wait for one. */
function createSlots({ threads, now = () => performance.now() }: Pick<Options, "threads" | "now">) {
  const slots = threads.map((thread): Slot => ({ thread, state: "cold", readyUntil: 0 }));
  const queue: ((slot: Slot | null) => void)[] = [];
  const isCold = ({ state, readyUntil }: Slot) => state === "cold" || (state === "free" && readyUntil < now());

  function putBack(slot: Slot): void {
    const next = queue.shift();
    slot.readyUntil = now() + READY_MS;
    slot.state = next ? "busy" : "free";
    next?.(slot);
  }
  /** Orders wait only while a thread runs or starts. */
  function giveUp(slot: Slot): void {
    slot.state = "cold";
    if (slots.every(({ state }) => state === "cold")) for (const next of queue.splice(0)) next(null);
  }
  function start(slot: Slot): void {
    slot.state = "starting";
    within(slot.thread.ask("begin", null), START_MS).then(
      (hasBegun) => (hasBegun ? putBack(slot) : giveUp(slot)),
      () => giveUp(slot),
    );
  }
  return {
    putBack,
    restart: start,
    /** Null if no thread runs yet. */
    take(): Promise<Slot | null> | Slot | null {
      for (const slot of slots) if (isCold(slot)) start(slot);
      const free = slots.find(({ state }) => state === "free");
      if (free) free.state = "busy";
      if (free || !slots.some(({ state }) => state === "busy")) return free ?? null;
      return new Promise((resolve) => void queue.push(resolve));
    },
  };
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
