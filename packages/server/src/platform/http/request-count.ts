/** Counts requests that bring something, such as model calls, from the start on, for whatever gives way to them; who only looks does not count. */
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
