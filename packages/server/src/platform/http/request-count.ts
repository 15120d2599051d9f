/** Counts requests from the start on, for whatever gives way to them. */
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
