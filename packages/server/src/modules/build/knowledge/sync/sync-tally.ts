import type { KnowledgeSync } from "@treadle/contract";
import { z } from "zod";

const MOST_FAILURES = 20;
const MOST_WARNINGS = 20;
const LONGEST_MESSAGE = 500;

/** What a stopped sync has stored, so that the sync that continues it counts it once. */
export const SyncState = z.object({ startedAt: z.string(), added: z.number(), changed: z.number() });
export type SyncState = z.output<typeof SyncState>;

/** The counts of one attempt. */
export function createTally(start: SyncState) {
  const stored = { ...start };
  const counts = { unchanged: 0, failed: 0 };
  const failures: { path: string; message: string }[] = [];
  const warnings: string[] = [];
  return {
    state: (): SyncState => ({ ...stored }),
    /** With one more stored document. */
    stateWith: (change: "added" | "changed"): SyncState => ({ ...stored, [change]: stored[change] + 1 }),
    count(change: "added" | "changed" | "unchanged") {
      if (change === "unchanged") counts.unchanged++;
      else stored[change]++;
    },
    fail(path: string, message: string) {
      counts.failed++;
      if (failures.length < MOST_FAILURES)
        failures.push({ path: path.slice(0, LONGEST_MESSAGE), message: message.slice(0, LONGEST_MESSAGE) });
    },
    warn(message: string) {
      if (warnings.length < MOST_WARNINGS) warnings.push(message.slice(0, LONGEST_MESSAGE));
    },
    done: () => stored.added + stored.changed + counts.unchanged + counts.failed,
    hasStored: () => stored.added + stored.changed > 0,
    result(end: { readonly endedAt: Date; readonly deleted: number; readonly error: string | null }): KnowledgeSync {
      const { endedAt, ...rest } = end;
      return { ...stored, ...counts, failures, warnings, ...rest, endedAt: endedAt.toISOString() };
    },
  };
}
export type Tally = ReturnType<typeof createTally>;
