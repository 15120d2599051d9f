import type { Clock } from "../../../../kernel/clock.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { type Assignment, conversationKey, type Units } from "./assign-variant.ts";
import { createRecentMap } from "./routing/recent-map.ts";

type Entry = { readonly variant: string; readonly isCandidate: boolean };

/**
 * Conversations of endpoints in a rollout or an A/B test, by the variant that answered last: a share that grows, or the promotion of the
 * candidate, must not change the model between two turns. A rollback does, since the candidate did harm. Held in memory
 * only: after a restart a conversation goes where its unit goes.
 */
export function createConversations(clock: Pick<Clock, "elapsed">) {
  const entries = createRecentMap<Entry>(clock);

  return {
    size: entries.size,
    /** The assignment, or the variant that the conversation had before; such a call says nothing about a random unit. */
    keep(endpoint: ResolvedEndpoint, units: Units, assignment: Assignment): Assignment {
      const { rollout, abTest } = endpoint;
      const isComparing = rollout !== null || abTest !== null;
      if (assignment.isForced || (!isComparing && entries.size() === 0)) return assignment;
      const key = conversationKey(endpoint, units);
      if (key === "") return assignment;
      const before = units.isContinued() ? entries.find(key) : null;
      const variant = before && endpoint.variants.find(({ name }) => name === before.variant);
      const isCandidate = (name: string) => rollout?.candidate === name;
      const isStillServed =
        before && variant && (!before.isCandidate || variant.weight > 0 || isCandidate(variant.name));
      const isKept = isStillServed && variant.name !== assignment.variant.name;
      const result = isKept ? { ...assignment, variant, isForced: true } : assignment;
      if (isComparing || isStillServed) {
        const { name } = result.variant;
        const wasCandidate = before?.variant === name && before.isCandidate;
        entries.store(key, { variant: name, isCandidate: wasCandidate || isCandidate(name) });
      }
      return result;
    },
  };
}
