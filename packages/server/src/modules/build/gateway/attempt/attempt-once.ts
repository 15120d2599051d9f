import type { Attempt } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Call } from "../request/read-call.ts";
import type { Reservation, SpendLimits } from "../request/spend-limits.ts";
import type { HttpTarget, LocalTarget, Plan, Target } from "../resolve/resolve-model.ts";
import { AttemptFailure, isSickness, toFailure, withoutKey } from "./attempt-failure.ts";
import type { Breakers } from "./breaker.ts";
import type { AttemptResult, Outcome } from "./outcome.ts";
import { createReserveSpend, type ReserveSpend } from "./reserve-spend.ts";

export type AttemptOnceDeps = {
  readonly askProvider: (call: Call, target: HttpTarget, key: string) => Promise<AttemptResult>;
  readonly askLocalModel: (call: Call, target: LocalTarget) => Promise<AttemptResult>;
  readonly breakers: Breakers;
  readonly limits: Pick<SpendLimits, "has" | "reserve">;
  readonly clock: Clock;
};

/** The results of a call's attempts, for its headers, its span and its metrics. */
export type AttemptLog = {
  readonly attempts: readonly Attempt[];
  /** Milliseconds spent waiting for providers and between attempts. */
  readonly upstreamMs: number;
  /** The parts of the request that the last model did not receive. */
  readonly warnings: readonly string[];
  /** Whether a target answered. */
  readonly isAnswered: boolean;
  /** What the attempt that answered holds of the project's limits; null without limits. */
  readonly reservation: Reservation | null;
};
/** The log as it is written, until the attempts end. */
export type OpenLog = {
  attempts: Attempt[];
  upstreamMs: number;
  warnings: readonly string[];
  isAnswered: boolean;
  reservation: Reservation | null;
};

const NO_WARNINGS: readonly string[] = [];
export const NOTHING_YET = { upstreamMs: 0, warnings: NO_WARNINGS, isAnswered: false, reservation: null };
export const NO_ATTEMPTS: AttemptLog = { attempts: [], ...NOTHING_YET };

const MAX_ERROR_CHARACTERS = 1_000;

/** Makes one attempt at a target, within the limits of the project. What a failed attempt reserved is given back. */
export function createAttemptOnce(deps: AttemptOnceDeps) {
  const send = createSend(deps);
  const tryToReserve = createTryToReserve(deps.breakers, createReserveSpend(deps.limits));
  return async function attemptOnce(
    call: Call,
    target: Target,
    { key, log, plan }: { key: string; log: OpenLog; plan: Plan },
  ): Promise<Outcome | AttemptFailure> {
    const reservation = tryToReserve(call, plan, target);
    if (reservation instanceof AttemptFailure) {
      log.attempts.push(attemptOf(target, { failure: reservation, durationMs: 0 }));
      return reservation;
    }
    try {
      const result = await send(call, target, { key, log });
      if (result instanceof AttemptFailure) reservation?.release();
      else log.reservation = reservation;
      return result;
    } catch (error) {
      reservation?.abandon();
      throw error;
    }
  };
}

/** Sends one request. */
const createSend = ({ askProvider, askLocalModel, breakers, clock }: Omit<AttemptOnceDeps, "limits">) =>
  async function send(
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
  };

/** The breaker may have granted a trial, which another call then gets. */
const createTryToReserve =
  (breakers: Breakers, reserve: ReserveSpend) =>
  (call: Call, plan: Plan, target: Target): ReturnType<ReserveSpend> => {
    let reservation: ReturnType<ReserveSpend> | undefined;
    try {
      reservation = reserve(call, plan, target);
      return reservation;
    } finally {
      if (reservation === undefined || reservation instanceof AttemptFailure) breakers.release(circuitOf(target));
    }
  };

export const circuitOf = (target: Target) =>
  target.kind === "http" ? `${target.connection.id} ${target.model}` : `local ${target.model}`;

export function attemptOf(
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
