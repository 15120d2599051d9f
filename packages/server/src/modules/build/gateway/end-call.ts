import type { Span } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import { INTERNAL_MESSAGE, relayFailure, toCallerError } from "./answer/answer-failure.ts";
import type { CacheMatch } from "./answer/cache-match.ts";
import { type CallResult, cancelledResult, type Delivery, errorResult } from "./answer/delivery.ts";
import { AttemptFailure } from "./attempt/attempt-failure.ts";
import type { AttemptLog } from "./attempt/attempt-log.ts";
import type { CacheSlot, CallCache } from "./cache/cached-call.ts";
import type { Lookup } from "./cache/semantic/look-up.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import type { CallGuard } from "./guard/call-guard.ts";
import type { RecordCall } from "./record/record-call.ts";
import type { AnsweredCall, Mirrors } from "./request/mirrors.ts";
import type { Call, HttpCaller } from "./request/read-call.ts";
import type { Plan, Target } from "./resolve/resolve-model.ts";

export type Answered = {
  /** The call before a variant shaped it. */
  readonly arrived: Call;
  readonly plan: Plan;
  /** Null for an answer that no model gave. */
  readonly target: Target | null;
  readonly log: AttemptLog;
  readonly isCacheHit: boolean;
  readonly cacheMatch?: CacheMatch | undefined;
  /** Where to store the answer; null for nowhere. */
  readonly slot: CacheSlot | null;
  readonly lookup: Lookup | null;
  readonly guard: CallGuard | null;
};
export type Unanswered = {
  readonly plan: Plan | null;
  readonly log: AttemptLog;
  readonly error: unknown;
  readonly guard: CallGuard | null;
};
/** The caller of a call, and the call before a variant shaped it. */
export type Origin = {
  readonly caller: HttpCaller;
  readonly arrived: Call;
};

type Seen = Pick<AnsweredCall, "call" | "response" | "isFallback"> & {
  readonly plan: Plan | null;
  readonly guard: CallGuard | null;
  readonly isAltered: boolean;
};

type Endings = {
  readonly cache: Pick<CallCache, "save">;
  readonly semanticCache: Pick<SemanticCaches, "noteAnswer">;
  readonly recordCall: RecordCall;
  readonly mirrors: Mirrors;
  readonly clock: Clock;
  readonly log: Log;
};

/** Handles an answer, or an error instead of one. */
export function createEndings({ cache, semanticCache, recordCall, mirrors, clock, log }: Endings) {
  /** For an endpoint with a shadow: shows it the answered call, unless the call was changed on its way. Undefined without one. */
  function onSpanOf({ plan, guard, isAltered, ...answered }: Seen) {
    const isKept = isAltered || guard?.hasChanged() || guard?.isBlocked();
    const endpoint = isKept ? null : plan?.endpoint;
    const mirror = endpoint && mirrors.find(endpoint.endpointId);
    return mirror ? (span: Span) => mirror({ ...answered, endpoint, span }) : undefined;
  }

  /** Records and caches an answer once the caller has all of it. */
  function finish(
    call: Call,
    delivery: Delivery,
    { slot, lookup, arrived, plan, target, guard, ...answered }: Answered,
  ): void {
    const endedAt = clock.elapsed();
    setImmediate(() => {
      const result = readResult(delivery, log);
      const { firstTokenAt, body, isBroken } = delivery;
      const seen = { call: arrived, plan, guard, isAltered: isAltered(call) };
      const isFallback = target !== null && target !== plan.targets[0];
      const onSpan = onSpanOf({ ...seen, response: result.response, isFallback });
      recordCall(call, {
        plan,
        target,
        ...answered,
        result,
        firstTokenAt,
        endedAt,
        guard: guard?.attributes(),
        checks: guard?.stages(),
        reask: guard?.reask() ?? null,
        onSpan,
      });
      // A fallback's answer is not stored: other callers want the first target, most of all when it is available again.
      if (isBroken || isFallback || target === null || guard?.isBlocked()) return;
      if (slot) cache.save(call, slot, { result, body, name: target.name });
      if (lookup) semanticCache.noteAnswer(call, lookup, { result, body, name: target.name });
    });
  }

  /** Records a call without an answer, and sends the provider's error or throws the one for the caller. */
  function fail(call: Call, { plan, log: attemptLog, error, guard }: Unanswered, { caller, arrived }: Origin): void {
    const failure = error instanceof AttemptFailure ? error : null;
    const callerError = failure ? toCallerError(failure, attemptLog) : error;
    const isCancelled = call.signal.aborted;
    const [type, message] = describe(callerError, failure);
    const result = isCancelled ? cancelledResult(null) : errorResult(type, message, null);
    const target = lastTarget(plan, attemptLog);
    const known = { plan, target, log: attemptLog, result, firstTokenAt: null, isCacheHit: false };
    const endedAt = clock.elapsed();
    const seen = { call: arrived, plan, guard, isAltered: isAltered(call) };
    const onSpan = onSpanOf({ ...seen, response: null, isFallback: false });
    setImmediate(() => {
      const guarded = { guard: guard?.attributes(), checks: guard?.stages() };
      recordCall(call, { ...known, ...guarded, endedAt, onSpan });
    });
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

/** Whether a call went to another model than its own, or got passages of a knowledge base. */
const isAltered = ({ reroute, grounding }: Call): boolean => reroute !== null || grounding !== null;

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
