import type { FailureClass } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Call } from "../request/read-call.ts";
import type { SpendLimits } from "../request/spend-limits.ts";
import { circuitOf, measureOf } from "../resolve/circuit-of.ts";
import type { HttpTarget, LocalTarget, Plan, PlannedTarget } from "../resolve/resolve-model.ts";
import type { Loads } from "../resolve/routing/loads.ts";
import { AttemptFailure, isSickness, toFailure, withoutKey } from "./attempt-failure.ts";
import { logAttempt, logSkipped, type OpenLog, openCircuit } from "./attempt-log.ts";
import type { Breakers } from "./breaker.ts";
import { classOf } from "./failure-class.ts";
import type { AttemptResult, Outcome } from "./outcome.ts";
import { createReserveSpend, type Reserved } from "./reserve-spend.ts";

export type OnceDeps = {
  readonly askProvider: (call: Call, target: HttpTarget, key: string) => Promise<AttemptResult>;
  readonly askLocalModel: (call: Call, target: LocalTarget) => Promise<AttemptResult>;
  readonly breakers: Breakers;
  readonly loads: Pick<Loads, "begin" | "measure">;
  readonly limits: Pick<SpendLimits, "has" | "reserve">;
  readonly clock: Clock;
};
export type Attempted = {
  readonly outcome: Outcome;
  /** Must be called once the caller has the whole answer: until then the call counts as in flight. */
  readonly release: () => void;
};
type Trying = {
  readonly key: string;
  readonly log: OpenLog;
  readonly plan: Plan;
  /** Whether another target can be tried after a failure of this class. */
  readonly hasOther: (failure: FailureClass) => boolean;
};

const NO_WARNINGS: readonly string[] = [];

/** Makes one attempt at a target, within the limits of the project. What a failed attempt reserved is given back. */
export function createAttemptOnce(deps: OnceDeps) {
  const send = createSend(deps);
  const tryToReserve = createTryToReserve(deps);
  return async (call: Call, target: PlannedTarget, trying: Trying): Promise<Attempted | AttemptFailure> => {
    const { log } = trying;
    const reserving = tryToReserve(call, target, trying);
    const reservation = reserving instanceof Promise ? await reserving : reserving;
    if (reservation instanceof AttemptFailure) return logSkipped(log, target, reservation);
    try {
      const result = await send(call, target, trying);
      if (result instanceof AttemptFailure) reservation?.release();
      else log.reservation = reservation;
      return result;
    } catch (error) {
      reservation?.abandon();
      throw error;
    }
  };
}

type TryDeps = Pick<OnceDeps, "breakers" | "limits" | "clock">;

/** The breaker may have granted a trial. Another call gets it if this one cannot be sent now. */
function createTryToReserve(deps: TryDeps) {
  const reserve = createReserveSpend(deps.limits);
  return (call: Call, target: PlannedTarget, trying: Trying): Reserved | Promise<Reserved> => {
    const { log, plan, hasOther } = trying;
    let reserved: Reserved | Promise<Reserved> | undefined;
    try {
      const waiting = () => ({ signal: call.signal, hasOther: hasOther("rate-limit"), waitedMs: log.queuedMs });
      reserved = reserve(call, { plan, target }, waiting);
      return reserved instanceof Promise ? waitForTurn(deps, reserved, { call, target, log }) : reserved;
    } finally {
      const isReserved = reserved !== undefined && !(reserved instanceof AttemptFailure || reserved instanceof Promise);
      if (!isReserved) deps.breakers.release(circuitOf(target));
    }
  };
}

type InQueue = { readonly call: Call; readonly target: PlannedTarget; readonly log: OpenLog };

/** Much may have changed when the turn of an attempt comes: the caller may have left, and the target may have failed. */
async function waitForTurn(
  { breakers, clock }: TryDeps,
  turn: Promise<Reserved>,
  { call, target, log }: InQueue,
): Promise<Reserved> {
  const startedAt = clock.elapsed();
  const reserved = await turn.finally(() => {
    log.queuedMs += clock.elapsed() - startedAt;
  });
  if (reserved instanceof AttemptFailure) return reserved;
  const openMs = call.signal.aborted ? null : breakers.refuse(circuitOf(target));
  if (!call.signal.aborted && openMs === null) return reserved;
  reserved?.release();
  if (openMs === null) throw new AppError("cancelled");
  return openCircuit(target, openMs);
}

/** Sends one request with one key. Every failure of the provider counts for the target's circuit breaker. */
function createSend({ askProvider, askLocalModel, breakers, loads, clock }: Omit<OnceDeps, "limits">) {
  return async (call: Call, target: PlannedTarget, { key, log, plan }: Trying): Promise<Attempted | AttemptFailure> => {
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
      logAttempt(log, target, { failure, durationMs });
      const name = measureName(call, target, plan);
      if (name !== "" && showsSpeed(failure)) loads.measure(name, durationMs);
    }
  };
}

/** Empty for a call that does not count: its endpoint does not choose by latency, or the caller has disconnected. */
function measureName({ isStream, signal }: Call, target: PlannedTarget, { endpoint }: Plan): string {
  if (endpoint?.strategy !== "latency" || signal.aborted) return "";
  const { endpointId } = endpoint;
  return measureOf(target, { endpointId, variant: target.variant?.name ?? "", isStream });
}

/** A target that times out is at least that slow. Other failures say nothing about its speed. */
const showsSpeed = (failure: AttemptFailure | null) => failure === null || classOf(failure) === "timeout";
