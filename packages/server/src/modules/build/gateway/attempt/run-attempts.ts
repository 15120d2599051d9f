import type { FailureClass, Variant } from "@treadle/contract";
import type { Call } from "../request/read-call.ts";
import { circuitOf } from "../resolve/circuit-of.ts";
import { orderByWeight } from "../resolve/draw-by-weight.ts";
import type { Plan, PlannedTarget, Target } from "../resolve/resolve-model.ts";
import { AttemptFailure, isKeyProblem, isPause, isRetriable, toFailure } from "./attempt-failure.ts";
import { type AttemptLog, logSkipped, type OpenLog, openCircuit, openLog, restingProvider } from "./attempt-log.ts";
import { type Attempted, createAttemptOnce, type OnceDeps } from "./attempt-once.ts";
import { pause, retryDelay } from "./backoff.ts";
import { classOf } from "./failure-class.ts";
import { createTargetQueue } from "./target-queue.ts";

export type AttemptDeps = OnceDeps & { readonly random: () => number };
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
type Running = { readonly plan: Plan; readonly log: OpenLog };

const NO_KEY = [{ value: "", weight: 1 }];
const MAX_ATTEMPTS = 50;

/**
 * Calls the targets in order until one answers. If a provider rejects a key, it is called again immediately with the
 * next key. It is called again with the same key, after a back-off, only if no other target is left: a caller should
 * not wait for one provider while another can answer.
 */
export function createAttempts(deps: AttemptDeps) {
  const { breakers } = deps;
  const attemptTarget = createAttemptTarget(deps);
  const restingMs = (target: Target) => breakers.restingMs(circuitOf(target));

  async function attemptAll(call: Call, running: Running, shapeFor: ShapeFor): Promise<Answered | Unanswered> {
    const { plan, log } = running;
    const queue = createTargetQueue(plan.targets, (target) => restingMs(target) > 0);
    let error: unknown = new Error("a plan without targets");
    for (let next = queue.next(); next && log.attempts.length < MAX_ATTEMPTS; next = queue.next()) {
      const { target, passed } = next;
      if (passed) logSkipped(log, passed, restingProvider(passed, restingMs(passed)));
      const shaped = await shapedFor(call, target, { plan, shapeFor });
      if (shaped instanceof AttemptFailure) {
        error = logSkipped(log, target, shaped);
        continue;
      }
      const result = await attemptTarget(shaped, target, { ...running, hasOther: queue.hasOther });
      if (!(result instanceof AttemptFailure)) {
        log.isAnswered = true;
        return { ...result, target, call: shaped, plan: answeredBy(plan, target) };
      }
      queue.fail(classOf(result));
      error = result;
    }
    return { error };
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
      const log = openLog();
      try {
        return { log, result: await attemptAll(call, { plan, log }, shapeFor) };
      } catch (error) {
        return { log, result: { error } };
      }
    },
  };
}
export type Attempts = ReturnType<typeof createAttempts>;

type AtTarget = Running & { readonly hasOther: (failure: FailureClass) => boolean };

/** The attempts at one target: each of its keys, and retries if no other target can be tried. */
function createAttemptTarget({ random, ...deps }: AttemptDeps) {
  const attemptOnce = createAttemptOnce(deps);
  return async (
    call: Call,
    target: PlannedTarget,
    { plan, log, hasOther }: AtTarget,
  ): Promise<Attempted | AttemptFailure> => {
    const circuit = circuitOf(target);
    const keys = keysOf(target, random);
    const maxRetries = target.kind === "http" ? target.connection.maxRetries : 0;
    let keyIndex = 0;
    for (let retries = 0; ; ) {
      const openMs = deps.breakers.refuse(circuit);
      if (openMs !== null) return logSkipped(log, target, openCircuit(target, openMs));
      const result = await attemptOnce(call, target, { key: keys[keyIndex]?.value ?? "", log, plan, hasOther });
      if (!(result instanceof AttemptFailure) || log.attempts.length >= MAX_ATTEMPTS) return result;
      if (isKeyProblem(result) && keyIndex + 1 < keys.length) {
        keyIndex++;
        continue;
      }
      if (isPause(result)) deps.breakers.rest(circuit, result.retryAfterMs);
      const canRetry = !hasOther(classOf(result)) && retries < maxRetries && isRetriable(result);
      const delayMs = canRetry ? retryDelay(retries, result.retryAfterMs, random) : null;
      if (delayMs === null) return result;
      retries++;
      log.upstreamMs += delayMs;
      await pause(delayMs, call.signal);
    }
  };
}

const keysOf = (target: Target, random: () => number) =>
  target.kind === "http" && target.connection.keys.length > 0 ? orderByWeight(target.connection.keys, random) : NO_KEY;

type Shaping = { readonly plan: Plan; readonly shapeFor: ShapeFor };

/** The call as the target's variant shapes it. A fallback gets the request of the variant that was chosen first. */
async function shapedFor(call: Call, { variant }: PlannedTarget, { plan, shapeFor }: Shaping) {
  if (variant === null || variant.name === plan.assignment?.variant.name) return call;
  try {
    return await shapeFor(variant);
  } catch (error) {
    return toFailure(error);
  }
}

/** A variant that answers for another one was not drawn, so such a call says nothing about a random unit. */
function answeredBy(plan: Plan, { variant }: PlannedTarget): Plan {
  const { assignment } = plan;
  if (!assignment || !variant || variant.name === assignment.variant.name) return plan;
  return { ...plan, assignment: { ...assignment, variant, isForced: true } };
}
