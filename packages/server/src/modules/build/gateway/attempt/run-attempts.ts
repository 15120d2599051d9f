import type { Attempt, Variant } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Call } from "../request/read-call.ts";
import { circuitOf, measureOf } from "../resolve/circuit-of.ts";
import { orderByWeight } from "../resolve/draw-by-weight.ts";
import type { HttpTarget, LocalTarget, Plan, PlannedTarget, Target } from "../resolve/resolve-model.ts";
import type { Loads } from "../resolve/routing/loads.ts";
import {
  AttemptFailure,
  isKeyProblem,
  isPause,
  isRetriable,
  isSickness,
  toFailure,
  withoutKey,
} from "./attempt-failure.ts";
import { pause, retryDelay } from "./backoff.ts";
import type { Breakers } from "./breaker.ts";
import { classOf } from "./failure-class.ts";
import type { AttemptResult, Outcome } from "./outcome.ts";
import { createTargetQueue } from "./target-queue.ts";

export type AttemptDeps = {
  readonly askProvider: (call: Call, target: HttpTarget, key: string) => Promise<AttemptResult>;
  readonly askLocalModel: (call: Call, target: LocalTarget) => Promise<AttemptResult>;
  readonly breakers: Breakers;
  readonly loads: Pick<Loads, "begin" | "measure">;
  readonly clock: Clock;
  readonly random: () => number;
};

/** The results of a call's attempts, for its headers, its span and its metrics. */
export type AttemptLog = {
  readonly attempts: readonly Attempt[];
  /** Milliseconds spent waiting for providers and between attempts. */
  readonly upstreamMs: number;
  /** The parts of the request that the last model did not receive. */
  readonly warnings: readonly string[];
};
type Attempted = {
  readonly outcome: Outcome;
  /** Must be called once the caller has the whole answer: until then the call counts as in flight. */
  readonly release: () => void;
};
export type Answered = Attempted & {
  readonly target: Target;
  /** The request as the target got it. */
  readonly call: Call;
  /** The plan, with the variant that answered. */
  readonly plan: Plan;
};
/** The request of a call as another variant shapes it. */
export type ShapeFor = (variant: Variant) => Call | Promise<Call>;
type Unanswered = { readonly error: unknown };
/** The log as it is written, within this file. */
type OpenLog = { attempts: Attempt[]; upstreamMs: number; warnings: readonly string[] };

export const NO_ATTEMPTS: AttemptLog = { attempts: [], upstreamMs: 0, warnings: [] };

const NO_WARNINGS: readonly string[] = [];
const NO_KEY = [{ value: "", weight: 1 }];
const MAX_ATTEMPTS = 50;
const MAX_ERROR_CHARACTERS = 1_000;

/**
 * Calls the targets in order until one answers. If a provider rejects a key, it is called again immediately with the
 * next key. It is called again with the same key, after a back-off, only if no other target is left: a caller should
 * not wait for one provider while another can answer.
 */
export function createAttempts({ askProvider, askLocalModel, breakers, loads, clock, random }: AttemptDeps) {
  async function attemptOnce(
    call: Call,
    target: PlannedTarget,
    { key, log, plan }: { key: string; log: OpenLog; plan: Plan },
  ): Promise<Attempted | AttemptFailure> {
    const startedAt = clock.elapsed();
    const circuit = circuitOf(target);
    const release = loads.begin(circuit);
    let failure: AttemptFailure | null = null;
    log.warnings = NO_WARNINGS;
    try {
      const result = await (target.kind === "http" ? askProvider(call, target, key) : askLocalModel(call, target));
      log.warnings = result.warnings;
      if ("error" in result) throw result.error;
      breakers.succeed(circuit);
      return { outcome: result.outcome, release };
    } catch (error) {
      release();
      breakers.release(circuit);
      if (call.signal.aborted) throw new AppError("cancelled", { cause: error });
      failure = withoutKey(toFailure(error), key);
      if (isSickness(failure)) breakers.fail(circuit);
      else if (failure.status > 0) breakers.succeed(circuit);
      return failure;
    } finally {
      const durationMs = clock.elapsed() - startedAt;
      log.upstreamMs += durationMs;
      log.attempts.push(attemptOf(target, { failure, durationMs }));
      measure(call, target, { plan, failure, durationMs });
    }
  }

  /** A target that times out is at least that slow. Other failures say nothing about its speed. */
  function measure(
    { isStream, signal }: Call,
    target: PlannedTarget,
    { plan, failure, durationMs }: { plan: Plan; failure: AttemptFailure | null; durationMs: number },
  ): void {
    if (plan.endpoint?.strategy !== "latency" || signal.aborted) return;
    if (failure && classOf(failure) !== "timeout") return;
    const { endpointId } = plan.endpoint;
    loads.measure(measureOf(target, { endpointId, variant: target.variant?.name ?? "", isStream }), durationMs);
  }

  async function attemptTarget(
    call: Call,
    target: PlannedTarget,
    { plan, log, hasOther }: { plan: Plan; log: OpenLog; hasOther: (failure: AttemptFailure) => boolean },
  ): Promise<Attempted | AttemptFailure> {
    const circuit = circuitOf(target);
    const keys =
      target.kind === "http" && target.connection.keys.length > 0
        ? orderByWeight(target.connection.keys, random)
        : NO_KEY;
    const maxRetries = target.kind === "http" ? target.connection.maxRetries : 0;
    let keyIndex = 0;
    for (let retries = 0; ; ) {
      const openMs = breakers.refuse(circuit);
      if (openMs !== null) return refuseCircuit(target, openMs, log);
      const result = await attemptOnce(call, target, { key: keys[keyIndex]?.value ?? "", log, plan });
      if (!(result instanceof AttemptFailure) || log.attempts.length >= MAX_ATTEMPTS) return result;
      if (isKeyProblem(result) && keyIndex + 1 < keys.length) {
        keyIndex++;
        continue;
      }
      if (isPause(result)) breakers.rest(circuit, result.retryAfterMs);
      const canRetry = !hasOther(result) && retries < maxRetries && isRetriable(result);
      const delayMs = canRetry ? retryDelay(retries, result.retryAfterMs, random) : null;
      if (delayMs === null) return result;
      retries++;
      log.upstreamMs += delayMs;
      await pause(delayMs, call.signal);
    }
  }

  async function attemptAll(
    call: Call,
    plan: Plan,
    { log, shapeFor }: { log: OpenLog; shapeFor: ShapeFor },
  ): Promise<Answered | Unanswered> {
    const queue = createTargetQueue(plan.targets, (target) => breakers.restingMs(circuitOf(target)) > 0);
    let error: unknown = new Error("a plan without targets");
    for (let next = queue.next(); next && log.attempts.length < MAX_ATTEMPTS; next = queue.next()) {
      const { target, passed } = next;
      if (passed) log.attempts.push(attemptOf(passed, { failure: restOf(passed), durationMs: 0 }));
      const shaped = await shapedFor(call, target, { plan, shapeFor, log });
      const result =
        shaped instanceof AttemptFailure
          ? shaped
          : await attemptTarget(shaped, target, { plan, log, hasOther: (failure) => queue.hasOther(classOf(failure)) });
      if (!(result instanceof AttemptFailure) && !(shaped instanceof AttemptFailure))
        return { ...result, target, call: shaped, plan: answeredBy(plan, target) };
      if (!(result instanceof AttemptFailure)) break;
      queue.fail(classOf(result));
      error = result;
    }
    return { error };
  }

  /** What is logged of a target whose provider has asked for a pause. */
  function restOf(target: Target): AttemptFailure {
    const ms = breakers.restingMs(circuitOf(target));
    const message = `The provider of ${target.name} has asked for a pause (Retry-After). It ends in ${Math.ceil(ms / 1_000)} s.`;
    return new AttemptFailure(message, { kind: "circuit", status: 0, retryAfterMs: ms });
  }

  return {
    /**
     * Never throws, so that the log is there however the attempts ended. The error is the last `AttemptFailure` when no target
     * answers, `cancelled` when the caller disconnects, and anything else for a bug.
     */
    async run(
      call: Call,
      plan: Plan,
      shapeFor: ShapeFor,
    ): Promise<{ readonly log: AttemptLog; readonly result: Answered | Unanswered }> {
      const log: OpenLog = { attempts: [], upstreamMs: 0, warnings: NO_WARNINGS };
      try {
        return { log, result: await attemptAll(call, plan, { log, shapeFor }) };
      } catch (error) {
        return { log, result: { error } };
      }
    },
  };
}
export type Attempts = ReturnType<typeof createAttempts>;

type Shaping = { readonly plan: Plan; readonly shapeFor: ShapeFor; readonly log: OpenLog };

/** The call as the target's variant shapes it. A fallback gets the request of the variant that was chosen first. */
async function shapedFor(
  call: Call,
  target: PlannedTarget,
  { plan, shapeFor, log }: Shaping,
): Promise<Call | AttemptFailure> {
  const { variant } = target;
  if (variant === null || variant.name === plan.assignment?.variant.name) return call;
  try {
    return await shapeFor(variant);
  } catch (error) {
    const failure = toFailure(error);
    log.attempts.push(attemptOf(target, { failure, durationMs: 0 }));
    return failure;
  }
}

/** A variant that answers for another one was not drawn, so such a call says nothing about a random unit. */
function answeredBy(plan: Plan, { variant }: PlannedTarget): Plan {
  const { assignment } = plan;
  if (!assignment || !variant || variant.name === assignment.variant.name) return plan;
  return { ...plan, assignment: { ...assignment, variant, isForced: true } };
}

function attemptOf(
  target: Target,
  { failure, durationMs }: { failure: AttemptFailure | null; durationMs: number },
): Attempt {
  const isHttp = target.kind === "http";
  return {
    connection: isHttp ? target.connection.slug : "local",
    provider: isHttp ? target.connection.preset : "local",
    model: target.model,
    status: failure ? failure.status : 200,
    error: failure ? failure.message.slice(0, MAX_ERROR_CHARACTERS) : "",
    durationMs,
  };
}

function refuseCircuit(target: Target, openMs: number, log: OpenLog): AttemptFailure {
  const seconds = Math.ceil(openMs / 1_000);
  const message = `The circuit breaker of ${target.name} is open after repeated failures. Try again in ${seconds} s.`;
  const failure = new AttemptFailure(message, { kind: "circuit", status: 0, retryAfterMs: openMs });
  log.attempts.push(attemptOf(target, { failure, durationMs: 0 }));
  return failure;
}
