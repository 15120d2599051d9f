import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { CachedAnswer } from "./answer-cache.ts";
import { relayFailure, toCallerError } from "./answer-failure.ts";
import type { CachePlace, CallCache } from "./cached-call.ts";
import type { Call, WireCaller } from "./call.ts";
import { deliver, type Won } from "./deliver.ts";
import { type Delivery, type Settled, settledCancelled, settledError } from "./delivery.ts";
import type { Finish } from "./finish-call.ts";
import type { Candidate, ModelResolver, Plan } from "./resolve-model.ts";
import type { createTries } from "./run-tries.ts";
import { TryFailure } from "./try-failure.ts";

export type ServeDeps = {
  readonly resolver: ModelResolver;
  readonly tries: ReturnType<typeof createTries>;
  readonly cache: CallCache;
  readonly finish: Finish;
  readonly clock: Clock;
  readonly log: Log;
};

/** Answers a call over its caller's sink: from the cache, or from whoever of the plan answers first. */
export function createServe({ resolver, tries, cache, finish, clock, log }: ServeDeps) {
  /** The span, the price and the cache come after the caller has everything. */
  function later(
    call: Call,
    delivery: Delivery,
    {
      plan,
      candidate,
      cached,
      place,
    }: { plan: Plan; candidate: Candidate; cached?: CachedAnswer; place: CachePlace | null },
  ) {
    const endedAt = clock.elapsed();
    setImmediate(() => {
      const settled = settle(delivery, log);
      finish(call, {
        plan,
        candidate,
        settled,
        firstTokenAt: delivery.firstTokenAt,
        endedAt,
        isCacheHit: cached !== undefined,
      });
      // A fallback's answer is not what others who ask for the first one want, least of all when that is back.
      if (place && !cached && !delivery.isBroken && candidate === plan.candidates[0])
        cache.save(call, place, { settled, body: delivery.body, name: candidate.name });
    });
  }

  async function answer(call: Call, plan: Plan, caller: WireCaller): Promise<void> {
    const place = cache.placeOf(call, plan);
    if (place) {
      const found = cache.find(call, place);
      const cached = found instanceof Promise ? await found : found;
      if (cached)
        return later(call, await cache.deliver(call, cached, caller.sink), {
          plan,
          candidate: plan.candidates[0],
          cached,
          place,
        });
    }
    const won: Won = await tries.run(call, plan);
    const sent = deliver(call, won, { sink: caller.sink, clock, cache: place ? "miss" : undefined });
    later(call, sent instanceof Promise ? await sent : sent, { plan, candidate: won.candidate, place });
  }

  function fail(call: Call, plan: Plan | null, error: unknown): AppError | TryFailure | null {
    const failure = error instanceof TryFailure ? error : null;
    const thrown = failure ? toCallerError(call, failure) : error;
    const isCancelled = call.signal.aborted;
    const [type, message] = describe(thrown, failure);
    const settled = isCancelled ? settledCancelled(null) : settledError(type, message, null);
    const candidate = plan?.candidates[Math.min(plan.candidates.length, Math.max(1, call.attempts.length)) - 1] ?? null;
    const endedAt = clock.elapsed();
    setImmediate(() => finish(call, { plan, candidate, settled, firstTokenAt: null, endedAt, isCacheHit: false }));
    if (isCancelled) return new AppError("cancelled", { cause: error });
    if (thrown === null) return failure;
    if (thrown instanceof AppError) return thrown;
    throw error;
  }

  return async function serve(call: Call, caller: WireCaller): Promise<void> {
    const stop = () => call.stop?.();
    call.signal.addEventListener("abort", stop, { once: true });
    let plan: Plan | null = null;
    try {
      plan = await resolver.plan(call.scope.projectId, call.request.model, call.facts.fallbacks);
      await answer(call, plan, caller);
    } catch (error) {
      const told = fail(call, plan, error);
      if (told instanceof TryFailure) return relayFailure(call, told, { sink: caller.sink, clock });
      caller.setHeader("x-treadle-trace-id", call.traceId);
      caller.setHeader("x-treadle-span-id", call.spanId);
      throw told;
    } finally {
      call.signal.removeEventListener("abort", stop);
    }
  };
}

/** The caller has everything, so nobody is left to hear of an error but the log: the call is a span all the same. */
function settle(delivery: Delivery, log: Log): Settled {
  try {
    return delivery.settle();
  } catch (error) {
    log.error({ error }, "an answer was sent but could not be read");
    return settledError("invalid_response", "The answer was sent but could not be read.", null);
  }
}

function describe(thrown: unknown, failure: TryFailure | null): [type: string, message: string] {
  if (failure && thrown === null) return [failure.type ?? `status_${failure.status}`, failure.message];
  if (thrown instanceof AppError) return [thrown.code, thrown.message];
  return ["internal", "Something broke on our side."];
}
