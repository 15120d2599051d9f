type Queue<Item> = {
  readonly concurrency: number;
  /** The most items that wait. */
  readonly length: number;
  /** Handles one item. Must not throw. */
  readonly run: (item: Item) => Promise<void>;
};

/** Runs items in order, some at the same time. It never makes the caller wait: an item that finds no place is refused. */
export function createMirrorQueue<Item>({ concurrency, length, run }: Queue<Item>) {
  const waiting: Item[] = [];
  const running = new Set<Promise<void>>();
  let isOpen = true;

  function fill(): void {
    while (isOpen && running.size < concurrency) {
      const item = waiting.shift();
      if (item === undefined) return;
      const work = run(item).finally(() => {
        running.delete(work);
        fill();
      });
      running.add(work);
    }
  }

  return {
    /** How many wait or run. */
    size: () => waiting.length + running.size,

    /** False if there is no place. */
    offer(item: Item): boolean {
      if (!isOpen || (running.size >= concurrency && waiting.length >= length)) return false;
      waiting.push(item);
      fill();
      return true;
    },

    /** Takes no more items and drops the waiting ones, whose number it gives. Resolves when nothing runs. */
    async close(): Promise<number> {
      isOpen = false;
      const dropped = waiting.splice(0).length;
      await Promise.all(running);
      return dropped;
    },
  };
}
export type MirrorQueue<Item> = ReturnType<typeof createMirrorQueue<Item>>;
