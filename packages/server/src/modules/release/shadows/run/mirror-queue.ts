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
  const pool = createPool(concurrency);
  let isOpen = true;

  const fill = (): void => {
    while (isOpen && pool.hasPlace() && waiting.length > 0)
      for (const item of waiting.splice(0, 1)) pool.add(run(item), fill);
  };

  return {
    /** How many wait or run. */
    size: () => waiting.length + pool.size(),
    /** False if there is no place. */
    offer(item: Item): boolean {
      if (!isOpen || (!pool.hasPlace() && waiting.length >= length)) return false;
      waiting.push(item);
      fill();
      return true;
    },
    /** Takes no more items and drops the waiting ones, whose number it gives. Resolves when nothing runs. */
    async close(): Promise<number> {
      isOpen = false;
      const dropped = waiting.splice(0).length;
      await pool.idle();
      return dropped;
    },
  };
}

/** Work that runs, and how much more may run. */
function createPool(concurrency: number) {
  const running = new Set<Promise<void>>();
  return {
    size: () => running.size,
    hasPlace: () => running.size < concurrency,
    idle: () => Promise.all(running),
    add(started: Promise<void>, onEnd: () => void): void {
      const work = started.finally(() => {
        running.delete(work);
        onEnd();
      });
      running.add(work);
    },
  };
}
