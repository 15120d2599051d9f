import type { SlotFacts } from "./feedback-row.ts";
import { readSlotLine } from "./read-slot.ts";
import { createRecentLines } from "./recent-lines.ts";

/** Feedback that was recently given to this server, or is being stored. */
export type RecentFeedback = {
  readonly hash: string;
  /** Resolves when it is on disk. Throws the reason if it could not be stored. */
  readonly kept: Promise<SlotFacts>;
  settle(outcome: { readonly facts: SlotFacts } | { readonly error: unknown }): void;
  /** Once it is on disk. */
  facts: SlotFacts | null;
};

/** The identity of an entry, and the hash of its content. The hash is empty if nothing is compared with it. */
export type KnownSlot = { readonly facts: SlotFacts; readonly hash: string };

/** So many with a key at least are remembered, and less than twice as many. */
const MOST = 50_000;

const keyOf = (projectId: string, feedbackId: string) => `${projectId} ${feedbackId}`;

/** Remembers recent entries by id, since the store can read them only about a second after they are on disk. */
export function createRecentFeedback() {
  // The oldest go all at once: taken one by one, they leave holes that every search for the next one steps over.
  let newer = new Map<string, RecentFeedback>();
  let older = new Map<string, RecentFeedback>();
  const unkeyed = createRecentLines();
  function put(key: string, entry: RecentFeedback) {
    if (newer.size >= MOST) {
      older = newer;
      newer = new Map();
    }
    newer.set(key, entry);
  }
  function remove(key: string, entry: RecentFeedback) {
    for (const byId of [newer, older]) if (byId.get(key) === entry) byId.delete(key);
  }
  function get(projectId: string, feedbackId: string): RecentFeedback | undefined {
    const key = keyOf(projectId, feedbackId);
    return newer.get(key) ?? older.get(key);
  }
  return {
    /** Entries with a key. */
    get,
    /** A stored entry, with or without a key. Null if it is not remembered. */
    find(projectId: string, feedbackId: string): KnownSlot | null {
      const keyed = get(projectId, feedbackId);
      if (keyed) return keyed.facts && { facts: keyed.facts, hash: keyed.hash };
      const line = unkeyed.get(feedbackId);
      const read = line === null ? null : readSlotLine(line);
      return read?.projectId === projectId && read.facts.feedbackId === feedbackId
        ? { facts: read.facts, hash: "" }
        : null;
    },
    /**
     * Stored entries without a key, with the lines that contain their rows. They cannot be sent again at this moment.
     */
    note: unkeyed.add,
    /** Before it is stored, so that the same feedback sent twice concurrently is stored once. */
    begin(projectId: string, feedbackId: string, hash: string): RecentFeedback {
      const key = keyOf(projectId, feedbackId);
      let settleKept: RecentFeedback["settle"] = () => {};
      const kept = new Promise<SlotFacts>((resolve, reject) => {
        settleKept = (outcome) => ("facts" in outcome ? resolve(outcome.facts) : reject(outcome.error));
      });
      // Waiting callers get the error. There may be none.
      kept.catch(() => undefined);
      const entry: RecentFeedback = {
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
export type RecentFeedbackStore = ReturnType<typeof createRecentFeedback>;
