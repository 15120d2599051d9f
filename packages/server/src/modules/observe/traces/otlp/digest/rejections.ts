import { MAX_ITEMS } from "../decode/received.ts";
import type { Rejected } from "./rejection-report.ts";

const MAX_REASONS = 1_000;
const OTHERS = "for other reasons";

/** Counts what is not kept, by reason. */
export function createRejections() {
  const byReason = new Map<string, Rejected>();
  const add = (given: string, index: number, times = 1): void => {
    const reason = byReason.has(given) || byReason.size < MAX_REASONS ? given : OTHERS;
    const { count, first } = byReason.get(reason) ?? { count: 0, first: index };
    byReason.set(reason, { reason, count: count + times, first });
  };
  return {
    add,
    /** The number of unread items. */
    addBeyond(times: number): void {
      const reason = `a request may have at most ${MAX_ITEMS} items; configure the sender to export smaller batches`;
      if (times > 0) add(reason, MAX_ITEMS, times);
    },
    all: (): readonly Rejected[] => [...byReason.values()],
  };
}
