import type { Clock } from "../../../kernel/clock.ts";
import { sendAnswer } from "./answer/send-answer.ts";
import { createAskAgain } from "./ask-again.ts";
import { type AttemptLog, joinLogs, NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Answered, Attempts } from "./attempt/run-attempts.ts";
import type { CallCache } from "./cache/cached-call.ts";
import { toCacheMatch } from "./cache/semantic/look-up.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import { citeForms, citeOutcome } from "./cite/cite-outcome.ts";
import { notFoundResponse } from "./cite/not-found.ts";
import type { createEndings, Answered as FinishedCall, Origin, Unanswered } from "./end-call.ts";
import { createFindStored, type Hit } from "./find-stored.ts";
import type { ChatResponse } from "./formats/hub/hub.ts";
import type { CallGuard } from "./guard/call-guard.ts";
import type { GuardedResponse } from "./guard/guard-message.ts";
import type { Guarding } from "./guard/guarding.ts";
import { isUnanswerable } from "./request/grounding.ts";
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
  const sendStored = createSendStored({ cache, finish });
  const sendNotFound = createSendNotFound({ finish, clock });
  const sendFresh = createSendFresh({ finish, clock, askAgain: createAskAgain({ attempts, clock }) });
  return async (call: Call, plan: Plan, { caller, arrived, guarding }: Serving): Promise<Unanswered | null> => {
    if (isUnanswerable(call)) return sendNotFound(call, plan, { caller, arrived, guard: guarding.current() });
    const finding = findStored(call, plan);
    const { slot, lookup, hit } = finding instanceof Promise ? await finding : finding;
    if (hit) return sendStored(call, plan, { hit, guard: guarding.current(), caller, arrived });
    const { result, log } = await attempts.run(call, plan, guarding.shapeFor);
    const guard = guarding.current();
    if ("error" in result) return { plan, log, error: result.error, guard };
    // Another variant's answer does not belong to the cache entries of the first one.
    const places = result.plan === plan ? { slot, lookup } : { slot: null, lookup: null };
    const isMissed = slot !== null || lookup !== null;
    return sendFresh(result, { caller, arrived, guard, log, places, isMissed, lookup });
  };
}

/** Sends an answer of a cache, under the guards of the call. */
const createSendStored =
  ({ cache, finish }: Pick<Deps, "cache" | "finish">) =>
  async (call: Call, plan: Plan, { hit, guard, caller: { sink }, arrived }: Storing): Promise<null> => {
    const { answer: stored, match: cacheMatch } = hit;
    const guarded = guard && stored.response && (await guard.response(stored.response));
    const delivery = await cache.send(call, stored, {
      sink,
      variant: plan.assignment?.variant.name,
      match: cacheMatch,
      guarded: citeStored(call, stored.response, guarded),
    });
    const served = { arrived, guard, plan, target: plan.targets[0], log: NO_ATTEMPTS, isCacheHit: true, cacheMatch };
    finish(call, delivery, { ...served, slot: null, lookup: null });
    return null;
  };

/** A stored answer with its citations: they refer to the passages of this call. */
function citeStored({ grounding }: Call, response: ChatResponse | null, guarded: GuardedResponse | null) {
  if (grounding === null || response === null) return guarded;
  const { stored, shown } = guarded ?? { stored: response, shown: response };
  const cited = citeForms(stored, shown, grounding);
  return { stored: cited.response, shown: cited.shown };
}

/** Sends the answer to a call for which no passage was found. No model is called. */
const createSendNotFound =
  ({ finish, clock }: Pick<Deps, "finish" | "clock">) =>
  async (call: Call, plan: Plan, { caller, arrived, guard }: Origin & Pick<Fresh, "guard">): Promise<null> => {
    if (call.grounding === null) throw new Error("a call without a knowledge base has passages to miss");
    const outcome = { kind: "response", response: notFoundResponse(call, call.grounding) } as const;
    const target = { name: call.request.model, model: call.request.model };
    const receiver = { sink: caller.sink, clock, log: NO_ATTEMPTS, variant: plan.assignment?.variant.name };
    const delivery = await sendAnswer(call, { outcome, target }, receiver);
    const nowhere = { slot: null, lookup: null, isCacheHit: false };
    finish(call, delivery, { arrived, guard, plan, target: null, log: NO_ATTEMPTS, ...nowhere });
    return null;
  };

type AskAgainOf = ReturnType<typeof createAskAgain>;
type Fresh = Origin & {
  readonly guard: CallGuard | null;
  readonly log: AttemptLog;
  readonly places: Pick<FinishedCall, "slot" | "lookup">;
  /** Whether the caches were asked. */
  readonly isMissed: boolean;
  readonly lookup: FinishedCall["lookup"];
};

/** Sends the answer of a target, under the guards of the call. */
const createSendFresh =
  ({ finish, clock, askAgain }: Pick<Deps, "finish" | "clock"> & { readonly askAgain: AskAgainOf }) =>
  async (answered: Answered, { caller, arrived, guard, log, ...cached }: Fresh): Promise<Unanswered | null> => {
    const { call, plan, target, release } = answered;
    try {
      const guarding = guard ? guard.outcome(call, answered, askAgain(answered)) : answered.outcome;
      const guarded = guarding instanceof Promise ? await guarding : guarding;
      const outcome = citeOutcome(call, { outcome: guarded, target }, clock);
      const variant = plan.assignment?.variant.name;
      const cache = cached.isMissed ? ("miss" as const) : undefined;
      const again = guard?.reask();
      const receiver = { sink: caller.sink, clock, log: again ? joinLogs(log, again.log) : log, cache, variant };
      const sending = sendAnswer(call, { outcome, target }, receiver);
      const delivery = sending instanceof Promise ? await sending : sending;
      const cacheMatch = cached.lookup?.found ? toCacheMatch(cached.lookup.found) : undefined;
      const ending = { arrived, guard, plan, target, log, isCacheHit: false, cacheMatch };
      finish(call, delivery, { ...ending, ...cached.places });
      return null;
    } catch (error) {
      return { plan, log, error, guard };
    } finally {
      release();
    }
  };
