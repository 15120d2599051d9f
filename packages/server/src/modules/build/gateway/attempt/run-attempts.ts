import type { Attempt } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Call } from "../request/read-call.ts";
import { orderByWeight } from "../resolve/draw-by-weight.ts";
import type { HttpTarget, LocalTarget, Plan, Target } from "../resolve/resolve-model.ts";
import { AttemptFailure, isKeyProblem, isRetriable, isSickness, toFailure, withoutKey } from "./attempt-failure.ts";
import { pause, retryDelay } from "./backoff.ts";
import type { Breakers } from "./breaker.ts";
import type { AttemptResult, Outcome } from "./outcome.ts";

export type AttemptDeps = {
  readonly askProvider: (call: Call, target: HttpTarget, key: string) => Promise<AttemptResult>;
  readonly askLocalModel: (call: Call, target: LocalTarget) => Promise<AttemptResult>;
  readonly breakers: Breakers;
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
export type Answered = { readonly outcome: Outcome; readonly target: Target };
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
export function createAttempts({ askProvider, askLocalModel, breakers, clock, random }: AttemptDeps) {
  async function attemptOnce(
    call: Call,
    target: Target,
    { key, log }: { key: string; log: OpenLog },
  ): Promise<Outcome | AttemptFailure> {
    const startedAt = clock.elapsed();
    const circuit = circuitOf(target);
    let failure: AttemptFailure | null = null;
    log.warnings = NO_WARNINGS;
    try {
      const result = await (target.kind === "http" ? askProvider(call, target, key) : askLocalModel(call, target));
      log.warnings = result.warnings;
      if ("error" in result) throw result.error;
      breakers.succeed(circuit);
      return result.outcome;
    } catch (error) {
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
    }
  }

  async function attemptTarget(
    call: Call,
    target: Target,
    { isLast, log }: { isLast: boolean; log: OpenLog },
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
      const result = await attemptOnce(call, target, { key: keys[keyIndex]?.value ?? "", log });
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

  async function attemptAll(call: Call, { targets }: Plan, log: OpenLog): Promise<Answered | Unanswered> {
    let error: unknown = new Error("a plan without targets");
    for (const [position, target] of targets.entries()) {
      const result = await attemptTarget(call, target, { isLast: position === targets.length - 1, log });
      if (!(result instanceof AttemptFailure)) return { outcome: result, target };
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
      const log: OpenLog = { attempts: [], upstreamMs: 0, warnings: NO_WARNINGS };
      try {
        return { log, result: await attemptAll(call, plan, log) };
      } catch (error) {
        return { log, result: { error } };
      }
    },
  };
}
export type Attempts = ReturnType<typeof createAttempts>;

const circuitOf = (target: Target) =>
  target.kind === "http" ? `${target.connection.id} ${target.model}` : `local ${target.model}`;

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
