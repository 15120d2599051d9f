const MAX_REASONS = 1_000;
const MAX_TOLD = 3;

/** Counts what is not kept, by reason, and says it in a sentence. */
export function createRejections() {
  const counts = new Map<string, number>();
  let count = 0;
  return {
    count: () => count,
    add(reason: string): void {
      count += 1;
      if (counts.has(reason) || counts.size < MAX_REASONS) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    /** Empty when nothing was rejected. `what` is one of them, such as `span`. */
    message(what: string): string {
      if (count === 0) return "";
      const reasons = [...counts].sort(([, a], [, b]) => b - a);
      const told = reasons.slice(0, MAX_TOLD).map(([reason, times]) => `${times} because ${reason}`);
      const more = reasons.length > MAX_TOLD ? "; and others" : "";
      return `${count} ${what}${count === 1 ? " was" : "s were"} rejected: ${told.join("; ")}${more}.`;
    },
  };
}
