import type { SlotFacts } from "./feedback-row.ts";
import { readSlotLine } from "./read-slot.ts";
import { createRecentLines } from "./recent-lines.ts";

/** Feedback that was given to this server lately, or is being kept now. */
export type Lately = {
  readonly hash: string;
  /** Ends when it is on disk; throws why it could not be kept. */
  readonly kept: Promise<SlotFacts>;
  settle(outcome: { readonly facts: SlotFacts } | { readonly error: unknown }): void;
  /** Once it is on disk. */
  facts: SlotFacts | null;
};

/** What tells an answer from all others, and what its content is told by; the latter is empty where nothing is compared with it. */
export type KnownSlot = { readonly facts: SlotFacts; readonly hash: string };

/** So many with a key at least are remembered, and less than twice as many. */
const MOST = 50_000;

const keyOf = (projectId: string, feedbackId: string) => `${projectId} ${feedbackId}`;

/** Remembers what was given by its id, since what is on disk can be read from the store only about a second later. */
export function createLately() {
  // The oldest go all at once: taken one by one, they leave holes that every search for the next one steps over.
  let newer = new Map<string, Lately>();
  let older = new Map<string, Lately>();
  const unkeyed = createRecentLines();
  function put(key: string, entry: Lately) {
    if (newer.size >= MOST) {
      older = newer;
      newer = new Map();
    }
    newer.set(key, entry);
  }
  function remove(key: string, entry: Lately) {
    for (const byId of [newer, older]) if (byId.get(key) === entry) byId.delete(key);
  }
  function get(projectId: string, feedbackId: string): Lately | undefined {
    const key = keyOf(projectId, feedbackId);
    return newer.get(key) ?? older.get(key);
  }
  return {
    /** What came with a key. */
    get,
    /** What is on disk, with a key or without; null when it is not remembered. */
    find(projectId: string, feedbackId: string): KnownSlot | null {
      const keyed = get(projectId, feedbackId);
      if (keyed) return keyed.facts && { facts: keyed.facts, hash: keyed.hash };
      const line = unkeyed.get(feedbackId);
      const read = line === null ? null : readSlotLine(line);
      return read?.projectId === projectId && read.facts.feedbackId === feedbackId
        ? { facts: read.facts, hash: "" }
        : null;
    },
    /** What has been kept and has no key, with the lines that its row is among: nobody can be sending the same at this moment. */
    note: unkeyed.add,
    /** Before it is kept, so that the same feedback sent twice at once is one. */
    begin(projectId: string, feedbackId: string, hash: string): Lately {
      const key = keyOf(projectId, feedbackId);
      let settleKept: Lately["settle"] = () => {};
      const kept = new Promise<SlotFacts>((resolve, reject) => {
        settleKept = (outcome) => ("facts" in outcome ? resolve(outcome.facts) : reject(outcome.error));
      });
      // Whoever waits hears of it; nobody may.
      kept.catch(() => undefined);
      const entry: Lately = {
        hash,
        kept,
        facts: null,
        settle(outcome) {
          if ("facts" in outcome) entry.facts = outcome.facts;
          else remove(key, entry);
          settleKept(outcome);
        },
      };
      put(key, entry);
      return entry;
    },
  };
}
export type LatelyGiven = ReturnType<typeof createLately>;
