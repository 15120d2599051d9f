import { MAX_ITEMS } from "./received.ts";

const MAX_REASONS = 1_000;
const OTHERS = "of other reasons";

/** Counts what is not kept, by reason. */
export function createRejections() {
  const counts = new Map<string, number>();
  const add = (reason: string, times = 1): void => {
    const known = counts.has(reason) || counts.size < MAX_REASONS ? reason : OTHERS;
    counts.set(known, (counts.get(known) ?? 0) + times);
  };
  return {
    add,
    /** Those that were not even read. */
    addBeyond(times: number): void {
      if (times > 0) add(`a request may hold ${MAX_ITEMS} at most; let the sender export smaller batches`, times);
    },
    all: (): (readonly [reason: string, count: number])[] => [...counts],
  };
}
