/**
 * Shares a fixed number of resources between requests, one use each at a time. Waiting uses start in the order in which they came, and
 * `map` asks for one resource at a time for each, so that a long list lets a short list in between.
 */
export function createPool<Resource>(resources: readonly Resource[]) {
  const free = [...resources];
  const waiting: ((resource: Resource) => void)[] = [];

  async function take(): Promise<Resource> {
    return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  }
  function release(resource: Resource) {
    const next = waiting.shift();
    if (next) next(resource);
    else free.push(resource);
  }

  return {
    /** The results in the order of the items. Stops at the first error and throws it when running uses have ended. */
    async map<Item, Result>(
      items: readonly Item[],
      use: (resource: Resource, item: Item) => Promise<Result>,
    ): Promise<Result[]> {
      const results: Result[] = [];
      const errors: unknown[] = [];
      const queue = items.entries();
      async function work() {
        for (const [index, item] of queue) {
          const resource = await take();
          try {
            if (errors.length > 0) return;
            results[index] = await use(resource, item);
          } catch (error) {
            errors.push(error);
            return;
          } finally {
            release(resource);
          }
        }
      }
      await Promise.all(resources.map(work));
      if (errors.length > 0) throw errors[0];
      return results;
    },
  };
}
