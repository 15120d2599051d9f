const MOST_AT_ONCE = 500;

type Waiter<Value> = {
  readonly key: string;
  resolve(value: Value | null): void;
  reject(error: unknown): void;
};

/**
 * Loads values by their keys with one query at a time: those that are wanted while it runs share the next one. A flood of
 * wrong keys costs a right one about two queries.
 */
export function createBatchLoad<Value>(loadMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {
  let waiting: Waiter<Value>[] = [];
  let isRunning = false;

  async function loadBatch(batch: readonly Waiter<Value>[]): Promise<void> {
    try {
      const rows = await loadMany([...new Set(batch.map(({ key }) => key))]);
      for (const { key, resolve } of batch) resolve(rows.get(key) ?? null);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async function loadAll(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await loadBatch(batch);
    }
    isRunning = false;
  }

  /** Null for a key that has no value. */
  return (key: string): Promise<Value | null> =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (!isRunning) void loadAll();
    });
}
