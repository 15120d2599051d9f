type Asked<Value> = { readonly resolve: (value: Value | undefined) => void; readonly reject: (error: unknown) => void };

/**
 * Loads values by their keys, one load at a time: all that is asked for while one goes on is asked for together by the next.
 * So a store answers many callers at the price of a few.
 */
export function createBatched<Value>(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {
  let asked = new Map<string, Asked<Value>[]>();
  let isLoading = false;

  async function run(): Promise<void> {
    isLoading = true;
    while (asked.size > 0) {
      const batch = asked;
      asked = new Map();
      try {
        const found = await load([...batch.keys()]);
        for (const [key, waiting] of batch) for (const { resolve } of waiting) resolve(found.get(key));
      } catch (error) {
        for (const waiting of batch.values()) for (const { reject } of waiting) reject(error);
      }
    }
    isLoading = false;
  }

  return (key: string): Promise<Value | undefined> =>
    new Promise((resolve, reject) => {
      const waiting = asked.get(key);
      if (waiting) waiting.push({ resolve, reject });
      else asked.set(key, [{ resolve, reject }]);
      // After this turn, so that a whole batch of feedback is one question.
      if (!isLoading) {
        isLoading = true;
        setImmediate(() => void run());
      }
    });
}
