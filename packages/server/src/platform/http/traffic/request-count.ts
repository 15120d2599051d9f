/**
 * Counts requests with data, such as model calls, since the start, for work that yields to them. Reads do not count.
 */
export function createRequestCount() {
  let count = 0;
  return {
    add(): void {
      count++;
    },
    read: (): number => count,
  };
}
export type RequestCount = ReturnType<typeof createRequestCount>;
