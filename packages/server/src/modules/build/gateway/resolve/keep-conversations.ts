import type { Clock } from "../../../../kernel/clock.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { type Assignment, hashUnit, type Units } from "./assign-variant.ts";

type Entry = { readonly variant: string; readonly isCandidate: boolean; readonly usedAt: number };
type Entries = Map<string, Entry>;

const MAX_CONVERSATIONS = 50_000;
const IDLE_MS = 3_600_000;

/**
 * Conversations of endpoints in a rollout, by the variant that answered last: a share that grows, or the promotion of the
 * candidate, must not change the model between two turns. A rollback does, since the candidate did harm. Held in memory
 * only: after a restart a conversation goes where its unit goes.
 */
export function createConversations(clock: Pick<Clock, "elapsed">) {
  const entries: Entries = new Map();

  return {
    size: () => entries.size,
    /** The assignment, or the variant that the conversation had before; such a call says nothing about a random unit. */
    keep(endpoint: ResolvedEndpoint, units: Units, assignment: Assignment): Assignment {
      const { rollout } = endpoint;
      if (assignment.isForced || (rollout === null && entries.size === 0)) return assignment;
      const conversation = units.conversation();
      if (conversation === "") return assignment;
      const key = `${endpoint.endpointId} ${hashUnit(`${units.user} ${units.session}`, conversation)}`;
      const now = clock.elapsed();
      const before = units.isContinued() ? find(entries, key, now) : null;
      const variant = before && endpoint.variants.find(({ name }) => name === before.variant);
      const isCandidate = (name: string) => rollout?.candidate === name;
      const isStillServed =
        before && variant && (!before.isCandidate || variant.weight > 0 || isCandidate(variant.name));
      const isKept = isStillServed && variant.name !== assignment.variant.name;
      const result = isKept ? { ...assignment, variant, isForced: true } : assignment;
      if (rollout || isStillServed) {
        const { name } = result.variant;
        const wasCandidate = before?.variant === name && before.isCandidate;
        store(entries, key, { variant: name, isCandidate: wasCandidate || isCandidate(name), usedAt: now });
      }
      return result;
    },
  };
}

function find(entries: Entries, key: string, now: number): Entry | null {
  const entry = entries.get(key);
  return entry && now - entry.usedAt < IDLE_MS ? entry : null;
}

function store(entries: Entries, key: string, entry: Entry): void {
  entries.delete(key);
  entries.set(key, entry);
  if (entries.size <= MAX_CONVERSATIONS) return;
  // Only now: a map finds its first key after it has walked over all that were deleted before it.
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}
