import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { INTERNAL_MESSAGE, relayFailure, toCallerError } from "./answer/answer-failure.ts";
import type { CacheMatch } from "./answer/cache-match.ts";
import { type CallResult, cancelledResult, type Delivery, errorResult } from "./answer/delivery.ts";
import { sendAnswer } from "./answer/send-answer.ts";
import { AttemptFailure } from "./attempt/attempt-failure.ts";
import { type AttemptLog, NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts, ShapeFor } from "./attempt/run-attempts.ts";
import type { CacheSlot, CallCache } from "./cache/cached-call.ts";
import { type Lookup, toCacheMatch } from "./cache/semantic/look-up.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import { createFindStored } from "./find-stored.ts";
import type { FormatId } from "./formats/formats.ts";
import type { RecordCall } from "./record/record-call.ts";
import type { Admission } from "./request/admission.ts";
import { type Call, type HttpCaller, readCall } from "./request/read-call.ts";
import { checkAllowed } from "./resolve/allowed-models.ts";
import { type ShapeByVariant, shaperOf } from "./resolve/apply-variant.ts";
import { type AnyBody, type FillPrompt, isComplete, promptFillerOf } from "./resolve/fill-prompt.ts";
import type { ModelResolver, Plan, Target } from "./resolve/resolve-model.ts";
import { planCallerOf } from "./resolve/units-of.ts";

export type ServeDeps = {
  readonly admission: Admission;
  readonly fillPrompt: FillPrompt;
  readonly resolver: ModelResolver;
  readonly shapeByVariant: ShapeByVariant;
  readonly attempts: Attempts;
  readonly cache: CallCache;
  readonly semanticCache: Pick<SemanticCaches, "lookUp" | "noteHit" | "noteAnswer">;
  readonly recordCall: RecordCall;
  readonly clock: Clock;
  readonly log: Log;
};
/** A request as a route receives it. */
export type GatewayRequest = HttpCaller & { readonly scope: Scope; readonly body: AnyBody };

type Answered = {
  readonly plan: Plan;
  readonly target: Target;
  readonly log: AttemptLog;
  readonly isCacheHit: boolean;
  readonly cacheMatch?: CacheMatch | undefined;
  /** Where to store the answer; null for nowhere. */
  readonly slot: CacheSlot | null;
  readonly lookup: Lookup | null;
};
type Unanswered = { readonly plan: Plan | null; readonly log: AttemptLog; readonly error: unknown };

type Serving = { readonly caller: HttpCaller; readonly shapeFor: ShapeFor };

type Endings = Pick<ServeDeps, "cache" | "semanticCache" | "recordCall" | "clock" | "log">;

/** Handles an answer, or an error instead of one. */
function createEndings({ cache, semanticCache, recordCall, clock, log }: Endings) {
  /** Records and caches an answer once the caller has all of it. */
  function finish(call: Call, delivery: Delivery, { slot, lookup, plan, target, ...answered }: Answered): void {
    const endedAt = clock.elapsed();
    setImmediate(() => {
      const result = readResult(delivery, log);
      const { firstTokenAt, body, isBroken } = delivery;
      recordCall(call, { plan, target, ...answered, result, firstTokenAt, endedAt });
      // A fallback's answer is not stored: other callers want the first target, most of all when it is available again.
      if (isBroken || target !== plan.targets[0]) return;
      if (slot) cache.save(call, slot, { result, body, name: target.name });
      if (lookup) semanticCache.noteAnswer(call, lookup, { result, body, name: target.name });
    });
  }

  /** Records a call without an answer, and sends the provider's error or throws the one for the caller. */
  function fail(call: Call, { plan, log: attemptLog, error }: Unanswered, caller: HttpCaller): void {
    const failure = error instanceof AttemptFailure ? error : null;
    const callerError = failure ? toCallerError(failure, attemptLog) : error;
    const isCancelled = call.signal.aborted;
    const [type, message] = describe(callerError, failure);
    const result = isCancelled ? cancelledResult(null) : errorResult(type, message, null);
    const target = lastTarget(plan, attemptLog);
    const ending = { plan, target, log: attemptLog, result, firstTokenAt: null, isCacheHit: false };
    const endedAt = clock.elapsed();
    setImmediate(() => recordCall(call, { ...ending, endedAt }));
    if (failure && callerError === null && !isCancelled) {
      const variant = plan?.assignment?.variant.name;
      relayFailure(call, failure, { sink: caller.sink, clock, log: attemptLog, variant });
      return;
    }
    const thrown = isCancelled ? new AppError("cancelled", { cause: error }) : callerError;
    if (thrown instanceof AppError) {
      caller.setHeader("x-treadle-trace-id", call.traceId);
      caller.setHeader("x-treadle-span-id", call.spanId);
    }
    throw thrown;
  }

  return { finish, fail };
}

/**
 * The flow of a model call, one stage after the other: request → resolve → cache → attempt → answer → record. Each stage returns
 * a value that the next ones receive.
 */
export function createServe({
  admission,
  fillPrompt,
  resolver,
  shapeByVariant,
  attempts,
  cache,
  clock,
  ...deps
}: ServeDeps) {
  const { finish, fail } = createEndings({ cache, clock, ...deps });
  const findStored = createFindStored({ cache, ...deps });

  async function answer(call: Call, plan: Plan, { caller, shapeFor }: Serving): Promise<Unanswered | null> {
    const finding = findStored(call, plan);
    const { slot, lookup, hit } = finding instanceof Promise ? await finding : finding;
    if (hit) {
      const { answer: stored, match: cacheMatch } = hit;
      const variant = plan.assignment?.variant.name;
      const delivery = await cache.send(call, stored, { sink: caller.sink, variant, match: cacheMatch });
      const served = { plan, target: plan.targets[0], log: NO_ATTEMPTS, isCacheHit: true, cacheMatch };
      finish(call, delivery, { ...served, slot: null, lookup: null });
      return null;
    }
    const { result, log: attemptLog } = await attempts.run(call, plan, shapeFor);
    if ("error" in result) return { plan, log: attemptLog, error: result.error };
    const { call: answered, plan: answering, target, release } = result;
    try {
      const variant = answering.assignment?.variant.name;
      const missed = slot || lookup ? ("miss" as const) : undefined;
      const receiver = { sink: caller.sink, clock, log: attemptLog, cache: missed, variant };
      const sending = sendAnswer(answered, result, receiver);
      const delivery = sending instanceof Promise ? await sending : sending;
      const cacheMatch = lookup?.found ? toCacheMatch(lookup.found) : undefined;
      const ending = { plan: answering, target, log: attemptLog, isCacheHit: false, cacheMatch };
      // Another variant's answer does not belong to the cache entries of the first one.
      const places = answering === plan ? { slot, lookup } : { slot: null, lookup: null };
      finish(answered, delivery, { ...ending, ...places });
      return null;
    } catch (error) {
      return { plan: answering, log: attemptLog, error };
    } finally {
      release();
    }
  }

  async function serve(arrived: Call, caller: HttpCaller): Promise<void> {
    let call = arrived;
    let plan: Plan | null = null;
    let problem: Unanswered | null;
    try {
      plan = await resolver.plan(call.scope.projectId, call.request.model, planCallerOf(call));
      checkAllowed(call, plan);
      const shaped = shapeByVariant(call, plan);
      call = shaped instanceof Promise ? await shaped : shaped;
      problem = await answer(call, plan, { caller, shapeFor: shaperOf(shapeByVariant, arrived, plan) });
    } catch (error) {
      problem = { plan, log: NO_ATTEMPTS, error };
    }
    if (problem) fail(call, problem, caller);
  }

  /** The handler of a format's route. */
  return (format: FormatId) => {
    const fill = promptFillerOf(format, fillPrompt);

    async function fillRequest({ scope, body, ...caller }: GatewayRequest): Promise<Call> {
      const { request, prompt } = await fill(scope, body);
      const bytes = Buffer.from(JSON.stringify(request));
      return readCall({ scope, format, request, caller: { ...caller, bytes }, prompt }, clock);
    }

    return async (input: GatewayRequest): Promise<void> => {
      admission.enter();
      try {
        const { scope, body: request } = input;
        const call = isComplete(format, request)
          ? readCall({ scope, format, request, caller: input }, clock)
          : await fillRequest(input);
        await serve(call, input);
      } finally {
        admission.leave();
      }
    };
  };
}

const lastTarget = (plan: Plan | null, { attempts }: AttemptLog): Target | null =>
  plan?.targets[Math.min(plan.targets.length, Math.max(1, attempts.length)) - 1] ?? null;

/** The caller has the whole answer already, so an error in reading it goes to the log, and the call still becomes a span. */
function readResult(delivery: Delivery, log: Log): CallResult {
  try {
    return delivery.result();
  } catch (error) {
    log.error({ error }, "an answer was sent but could not be read");
    return errorResult("invalid_response", "The answer was sent but could not be read.", null);
  }
}

function describe(callerError: unknown, failure: AttemptFailure | null): [type: string, message: string] {
  if (failure && callerError === null) return [failure.type ?? `status_${failure.status}`, failure.message];
  if (callerError instanceof AppError) return [callerError.code, callerError.message];
  return ["internal", INTERNAL_MESSAGE];
}
