import type { Clock } from "../../../kernel/clock.ts";
import { sendAnswer } from "./answer/send-answer.ts";
import { NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts } from "./attempt/run-attempts.ts";
import type { CallCache } from "./cache/cached-call.ts";
import { toCacheMatch } from "./cache/semantic/look-up.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import type { createEndings, Origin, Unanswered } from "./end-call.ts";
import { createFindStored, type Hit } from "./find-stored.ts";
import type { CallGuard } from "./guard/call-guard.ts";
import type { Guarding } from "./guard/guarding.ts";
import type { Call } from "./request/read-call.ts";
import type { Plan } from "./resolve/resolve-model.ts";

type Deps = {
  readonly attempts: Attempts;
  readonly cache: CallCache;
  readonly semanticCache: Pick<SemanticCaches, "lookUp" | "noteHit">;
  readonly finish: ReturnType<typeof createEndings>["finish"];
  readonly clock: Clock;
};
type Serving = Origin & { readonly guarding: Guarding };
type Storing = Origin & { readonly hit: Hit; readonly guard: CallGuard | null };

/** Answers a call from a cache or from its targets, and sends the answer. Returns the problem if there is no answer; null otherwise. */
export function createAnswerCall({ attempts, cache, semanticCache, finish, clock }: Deps) {
  const findStored = createFindStored({ cache, semanticCache });

  async function sendStored(call: Call, plan: Plan, { hit, guard, caller: { sink }, arrived }: Storing): Promise<null> {
    const { answer: stored, match: cacheMatch } = hit;
    const delivery = await cache.send(call, stored, {
      sink,
      variant: plan.assignment?.variant.name,
      match: cacheMatch,
      guarded: guard && stored.response && guard.response(stored.response),
    });
    const served = { arrived, guard, plan, target: plan.targets[0], log: NO_ATTEMPTS, isCacheHit: true, cacheMatch };
    finish(call, delivery, { ...served, slot: null, lookup: null });
    return null;
  }

  return async function answer(
    call: Call,
    plan: Plan,
    { caller, arrived, guarding }: Serving,
  ): Promise<Unanswered | null> {
    const finding = findStored(call, plan);
    const { slot, lookup, hit } = finding instanceof Promise ? await finding : finding;
    if (hit) return sendStored(call, plan, { hit, guard: guarding.current(), caller, arrived });
    const { result, log: attemptLog } = await attempts.run(call, plan, guarding.shapeFor);
    const guard = guarding.current();
    if ("error" in result) return { plan, log: attemptLog, error: result.error, guard };
    const { call: answered, plan: answering, target, release } = result;
    try {
      const outcome = guard ? guard.outcome(answered, result) : result.outcome;
      const variant = answering.assignment?.variant.name;
      const missed = slot || lookup ? ("miss" as const) : undefined;
      const receiver = { sink: caller.sink, clock, log: attemptLog, cache: missed, variant };
      const sending = sendAnswer(answered, { outcome, target }, receiver);
      const delivery = sending instanceof Promise ? await sending : sending;
      const cacheMatch = lookup?.found ? toCacheMatch(lookup.found) : undefined;
      const ending = { arrived, guard, plan: answering, target, log: attemptLog, isCacheHit: false, cacheMatch };
      // Another variant's answer does not belong to the cache entries of the first one.
      const places = answering === plan ? { slot, lookup } : { slot: null, lookup: null };
      finish(answered, delivery, { ...ending, ...places });
      return null;
    } catch (error) {
      return { plan: answering, log: attemptLog, error, guard };
    } finally {
      release();
    }
  };
}
