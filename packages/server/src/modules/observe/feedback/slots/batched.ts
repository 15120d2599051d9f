type Asked<Value> = { readonly resolve: (value: Value | undefined) => void; readonly reject: (error: unknown) => void };

/**
 * Loads values by key, one load at a time. All keys requested during a load are requested together by the next. A store
 * therefore answers many callers with few queries.
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
        const loaded = await load([...batch.keys()]);
        for (const [key, waiting] of batch) for (const { resolve } of waiting) resolve(loaded.get(key));
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
