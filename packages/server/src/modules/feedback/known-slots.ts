import { createBatched } from "./batched.ts";
import type { FeedbackDeps } from "./deps.ts";
import { toKey } from "./find-place.ts";
import type { KnownSlot, LatelyGiven } from "./lately.ts";
import type { PlaceStore } from "./place-store.ts";
import { factsOf } from "./read-slot.ts";

type Deps = Pick<FeedbackDeps, "spool"> & { readonly lately: LatelyGiven; readonly places: PlaceStore };

/** How long the first question waits for what was on disk when the server started to reach the store. */
const SETTLE_MS = 3_000;

/** Finds feedback by its id: in memory when it was given lately, otherwise in the store; null when there is none. */
export function createKnownSlots({ lately, places, spool }: Deps) {
  let settled: Promise<unknown> | null = null;
  const ask = createBatched(async (keys) => {
    const found = new Map<string, KnownSlot>();
    const byProject = Map.groupBy(keys, (key) => key.slice(0, key.indexOf(" ")));
    for (const [projectId, own] of byProject) {
      const ids = own.map((key) => key.slice(projectId.length + 1));
      for (const row of await places.listSlots(projectId, ids))
        found.set(toKey(projectId, row.feedback_id), { facts: factsOf(row), hash: row.body_hash });
    }
    return found;
  });

  return async function findSlot(projectId: string, feedbackId: string): Promise<KnownSlot | null> {
    const recent = lately.find(projectId, feedbackId);
    if (recent) return recent;
    settled ??= Promise.race([spool.flush(), new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref())]);
    await settled;
    return (await ask(toKey(projectId, feedbackId))) ?? null;
  };
}
