import { MAX_ITEMS } from "./received.ts";

const MAX_REASONS = 1_000;
const MAX_TOLD = 3;

/** Counts what is not kept, by reason, and says it in a sentence. */
export function createRejections() {
  const counts = new Map<string, number>();
  let count = 0;
  return {
    count: () => count,
    add(reason: string, times = 1): void {
      count += times;
      if (counts.has(reason) || counts.size < MAX_REASONS) counts.set(reason, (counts.get(reason) ?? 0) + times);
    },
    /** Those that were not even read. */
    addBeyond(times: number): void {
      if (times > 0) this.add(`a request may hold ${MAX_ITEMS} at most; let the sender export smaller batches`, times);
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
