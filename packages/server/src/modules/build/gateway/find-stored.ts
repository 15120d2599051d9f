import { type CacheMatch, EXACT_MATCH } from "./answer/cache-match.ts";
import type { CachedAnswer } from "./cache/answer-cache.ts";
import type { CacheSlot, CallCache } from "./cache/cached-call.ts";
import { type Lookup, toCacheMatch } from "./cache/semantic/look-up.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import type { Call } from "./request/read-call.ts";
import type { Plan } from "./resolve/resolve-model.ts";

/** What the caches have for a call. */
type Stored = {
  /** Where the exact cache stores the model's answer; null for nowhere. */
  readonly slot: CacheSlot | null;
  /** For the semantic cache, which learns from the model's answer; null if the call takes no part. */
  readonly lookup: Lookup | null;
  /** The answer to send instead of calling the model. */
  readonly hit: Hit | null;
};
export type Hit = { readonly answer: CachedAnswer; readonly match: CacheMatch };

const NOTHING: Stored = { slot: null, lookup: null, hit: null };

/** Similar questions can need other passages, so answers from knowledge bases are never repeated for them. */
const withoutSemantic = (plan: Plan): Plan => ({
  ...plan,
  endpoint: plan.endpoint && { ...plan.endpoint, semanticCache: null },
});

type Caches = {
  readonly cache: Pick<CallCache, "slotOf" | "find">;
  readonly semanticCache: Pick<SemanticCaches, "lookUp" | "noteHit">;
};

/** Searches the exact cache, then the semantic cache of the endpoint. Without a promise where neither has to wait. */
export function createFindStored({ cache, semanticCache }: Caches) {
  async function findSemantic(call: Call, plan: Plan, slot: CacheSlot | null): Promise<Stored> {
    const lookup = await semanticCache.lookUp(call, plan);
    const found = lookup?.found;
    if (!lookup || !found?.isServed) return { slot, lookup, hit: null };
    semanticCache.noteHit(call, lookup);
    return { ...NOTHING, hit: { answer: found.answer, match: toCacheMatch(found) } };
  }

  function afterExact(
    call: Call,
    plan: Plan,
    { slot, answer }: { slot: CacheSlot | null; answer: CachedAnswer | null },
  ) {
    if (answer) return { ...NOTHING, hit: { answer, match: EXACT_MATCH } };
    return plan.endpoint?.semanticCache ? findSemantic(call, plan, slot) : { ...NOTHING, slot };
  }

  return (call: Call, given: Plan): Stored | Promise<Stored> => {
    const plan = call.grounding === null ? given : withoutSemantic(given);
    const ttlSeconds = call.facts.cacheSeconds ?? plan.cacheSeconds;
    const slot = ttlSeconds > 0 ? cache.slotOf(call, plan, ttlSeconds) : null;
    if (slot === null) return plan.endpoint?.semanticCache ? findSemantic(call, plan, null) : NOTHING;
    const finding = cache.find(call, slot);
    if (!(finding instanceof Promise)) return afterExact(call, plan, { slot, answer: finding });
    return finding.then((answer) => afterExact(call, plan, { slot, answer }));
  };
}
