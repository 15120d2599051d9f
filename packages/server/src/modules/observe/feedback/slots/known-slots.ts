import type { FeedbackDeps } from "../stores/deps.ts";
import type { PlaceStore } from "../stores/place-store.ts";
import { createBatched } from "./batched.ts";
import { factsOf } from "./read-slot.ts";
import type { KnownSlot, RecentFeedbackStore } from "./recent-feedback.ts";
import { toKey } from "./resolve-ref.ts";

type Deps = Pick<FeedbackDeps, "spool"> & { readonly lately: RecentFeedbackStore; readonly places: PlaceStore };

/** How long the first question waits for what was on disk when the server started to reach the store. */
const SETTLE_MS = 3_000;

/** Finds feedback by its id: in memory if it is recent, otherwise in the store. Null if there is none. */
export function createKnownSlots({ lately, places, spool }: Deps) {
  let settled: Promise<unknown> | null = null;
  const ask = createBatched(async (keys) => {
    const slots = new Map<string, KnownSlot>();
    const byProject = Map.groupBy(keys, (key) => key.slice(0, key.indexOf(" ")));
    for (const [projectId, own] of byProject) {
      const ids = own.map((key) => key.slice(projectId.length + 1));
      for (const row of await places.listSlots(projectId, ids))
        slots.set(toKey(projectId, row.feedback_id), { facts: factsOf(row), hash: row.body_hash });
    }
    return slots;
  });

  return async function findSlot(projectId: string, feedbackId: string): Promise<KnownSlot | null> {
    const recent = lately.find(projectId, feedbackId);
    if (recent) return recent;
    settled ??= Promise.race([spool.flush(), new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref())]);
    await settled;
    return (await ask(toKey(projectId, feedbackId))) ?? null;
  };
}
