import type { SlotFacts } from "./feedback-row.ts";

/** Feedback that was given to this server lately, or is being kept now. */
export type Lately = {
  readonly hash: string;
  /** Ends when it is on disk; throws why it could not be kept. Null when it has been for some time. */
  readonly kept: Promise<SlotFacts> | null;
  settle(outcome: { readonly facts: SlotFacts } | { readonly error: unknown }): void;
  /** Once it is on disk. */
  facts: SlotFacts | null;
};

/** So many at least are remembered, and less than twice as many. */
const MOST = 50_000;

const ignore = () => undefined;
const keyOf = (projectId: string, feedbackId: string) => `${projectId} ${feedbackId}`;

/** Remembers what was given by its id, since what is on disk can be read from the store only about a second later. */
export function createLately() {
  // The oldest go all at once: taken one by one, they leave holes that every search for the next one steps over.
  let newer = new Map<string, Lately>();
  let older = new Map<string, Lately>();
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
  return {
    get(projectId: string, feedbackId: string): Lately | undefined {
      const key = keyOf(projectId, feedbackId);
      return newer.get(key) ?? older.get(key);
    },
    /** What has been kept and has no key: nobody can be sending the same at this moment. */
    note(projectId: string, facts: SlotFacts): void {
      put(keyOf(projectId, facts.feedbackId), { hash: "", kept: null, settle: ignore, facts });
    },
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
