import type { Call } from "../request/read-call.ts";
import { orderByWeight } from "../resolve/draw-by-weight.ts";
import type { Plan, Target } from "../resolve/resolve-model.ts";
import { AttemptFailure, isKeyProblem, isRetriable } from "./attempt-failure.ts";
import {
  type AttemptLog,
  type AttemptOnceDeps,
  attemptOf,
  circuitOf,
  createAttemptOnce,
  NOTHING_YET,
  type OpenLog,
} from "./attempt-once.ts";
import { pause, retryDelay } from "./backoff.ts";
import type { Outcome } from "./outcome.ts";

export type Answered = { readonly outcome: Outcome; readonly target: Target };
type Unanswered = { readonly error: unknown };

const NO_KEY = [{ value: "", weight: 1 }];
const MAX_ATTEMPTS = 50;

/**
 * Calls the targets in order until one answers. If a provider rejects a key, it is called again immediately with the
 * next key. It is called again with the same key, after a back-off, only if no other target is left: a caller should
 * not wait for one provider while another can answer.
 */
export function createAttempts({ random, ...deps }: AttemptOnceDeps & { readonly random: () => number }) {
  const { breakers } = deps;
  const attemptOnce = createAttemptOnce(deps);

  async function attemptTarget(
    call: Call,
    target: Target,
    { isLast, log, plan }: { isLast: boolean; log: OpenLog; plan: Plan },
  ): Promise<Outcome | AttemptFailure> {
    const keys =
      target.kind === "http" && target.connection.keys.length > 0
        ? orderByWeight(target.connection.keys, random)
        : NO_KEY;
    const maxRetries = target.kind === "http" ? target.connection.maxRetries : 0;
    let keyIndex = 0;
    for (let retries = 0; ; ) {
      const openMs = breakers.refuse(circuitOf(target));
      if (openMs !== null) return refuseCircuit(target, openMs, log);
      const result = await attemptOnce(call, target, { key: keys[keyIndex]?.value ?? "", log, plan });
      if (!(result instanceof AttemptFailure) || log.attempts.length >= MAX_ATTEMPTS) return result;
      if (isKeyProblem(result) && keyIndex + 1 < keys.length) {
        keyIndex++;
        continue;
      }
      const canRetry = isLast && retries < maxRetries && isRetriable(result);
      const delayMs = canRetry ? retryDelay(retries, result.retryAfterMs, random) : null;
      if (delayMs === null) return result;
      retries++;
      log.upstreamMs += delayMs;
      await pause(delayMs, call.signal);
    }
  }

  async function attemptAll(call: Call, plan: Plan, log: OpenLog): Promise<Answered | Unanswered> {
    let error: unknown = new Error("a plan without targets");
    for (const [position, target] of plan.targets.entries()) {
      const isLast = position === plan.targets.length - 1;
      const result = await attemptTarget(call, target, { isLast, log, plan });
      if (!(result instanceof AttemptFailure)) {
        log.isAnswered = true;
        return { outcome: result, target };
      }
      error = result;
    }
    return { error };
  }

  return {
    /**
     * Never throws, so that the log is there however the attempts ended. The error is the last `AttemptFailure` when no target
     * answers, `cancelled` when the caller disconnects, and anything else for a bug.
     */
    async run(call: Call, plan: Plan): Promise<{ readonly log: AttemptLog; readonly result: Answered | Unanswered }> {
      const log: OpenLog = { attempts: [], ...NOTHING_YET };
      try {
        return { log, result: await attemptAll(call, plan, log) };
      } catch (error) {
        return { log, result: { error } };
      }
    },
  };
}
export type Attempts = ReturnType<typeof createAttempts>;

function refuseCircuit(target: Target, openMs: number, log: OpenLog): AttemptFailure {
  const seconds = Math.ceil(openMs / 1_000);
  const message = `The circuit breaker of ${target.name} is open after repeated failures. Try again in ${seconds} s.`;
  const failure = new AttemptFailure(message, { kind: "circuit", status: 0, retryAfterMs: openMs });
  log.attempts.push(attemptOf(target, { failure, durationMs: 0 }));
  return failure;
}
