import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Breakers } from "./breaker.ts";
import type { Call } from "./call.ts";
import type { Won } from "./deliver.ts";
import type { Outcome } from "./outcome.ts";
import type { Candidate, HttpCandidate, Plan } from "./resolve-model.ts";
import { orderByWeight, pause, retryDelay } from "./retry.ts";
import { isKeyProblem, isRetriable, isSickness, TryFailure, toFailure, withoutKey } from "./try-failure.ts";

export type TryDeps = {
  readonly tryHttp: (call: Call, candidate: HttpCandidate, key: string) => Promise<Outcome>;
  readonly tryLocal: (call: Call, model: Extract<Candidate, { kind: "local" }>) => Promise<Outcome>;
  readonly breakers: Breakers;
  readonly clock: Clock;
  readonly random: () => number;
};

const NO_KEY = [{ value: "", weight: 1 }];
const MOST_TRIES = 50;

/**
 * Asks the candidates in order until one answers. A provider is tried again with another key at once; with the same key only
 * when nobody else is left to ask, after a wait: a caller should not wait for one provider while another could answer.
 */
export function createTries({ tryHttp, tryLocal, breakers, clock, random }: TryDeps) {
  async function tryOnce(call: Call, candidate: Candidate, key: string): Promise<Outcome | TryFailure> {
    const startedAt = clock.elapsed();
    const circuit = circuitOf(candidate);
    let failure: TryFailure | null = null;
    call.warnings = [];
    try {
      const outcome = await (candidate.kind === "http" ? tryHttp(call, candidate, key) : tryLocal(call, candidate));
      breakers.succeed(circuit);
      return outcome;
    } catch (error) {
      breakers.release(circuit);
      if (call.signal.aborted) throw new AppError("cancelled", { cause: error });
      failure = withoutKey(toFailure(error), key);
      if (isSickness(failure)) breakers.fail(circuit);
      else if (failure.status > 0) breakers.succeed(circuit);
      return failure;
    } finally {
      const durationMs = clock.elapsed() - startedAt;
      call.upstreamMs += durationMs;
      note(call, candidate, { status: failure ? failure.status : 200, error: failure?.message ?? "", durationMs });
    }
  }

  async function tryCandidate(call: Call, candidate: Candidate, isLast: boolean): Promise<Outcome | TryFailure> {
    const keys =
      candidate.kind === "http" && candidate.connection.keys.length > 0
        ? orderByWeight(candidate.connection.keys, random)
        : NO_KEY;
    const maxRetries = candidate.kind === "http" ? candidate.connection.maxRetries : 0;
    let keyAt = 0;
    for (let retries = 0; ; ) {
      const refused = breakers.refuse(circuitOf(candidate));
      if (refused !== null) return refuseCircuit(call, candidate, refused);
      const result = await tryOnce(call, candidate, keys[keyAt]?.value ?? "");
      if (!(result instanceof TryFailure)) return result;
      if (call.attempts.length >= MOST_TRIES) return result;
      if (isKeyProblem(result) && keyAt + 1 < keys.length) {
        keyAt++;
        continue;
      }
      const delay =
        isLast && retries < maxRetries && isRetriable(result) ? retryDelay(retries, result.retryAfterMs, random) : null;
      if (delay === null) return result;
      retries++;
      call.upstreamMs += delay;
      await pause(delay, call.signal);
    }
  }

  return {
    /** Throws the last `TryFailure` when nobody answers, and `cancelled` when the caller leaves meanwhile. */
    async run(call: Call, { candidates }: Plan): Promise<Won> {
      let last: TryFailure | null = null;
      for (const [position, candidate] of candidates.entries()) {
        const result = await tryCandidate(call, candidate, position === candidates.length - 1);
        if (!(result instanceof TryFailure)) return { outcome: result, candidate };
        last = result;
      }
      throw last ?? new Error("a plan without candidates");
    },
  };
}

const circuitOf = (candidate: Candidate) =>
  candidate.kind === "http" ? `${candidate.connection.id} ${candidate.model}` : `local ${candidate.model}`;

function note(
  call: Call,
  candidate: Candidate,
  { status, error, durationMs }: { status: number; error: string; durationMs: number },
) {
  const isHttp = candidate.kind === "http";
  call.attempts.push({
    connection: isHttp ? candidate.connection.slug : "local",
    provider: isHttp ? candidate.connection.preset : "local",
    model: candidate.model,
    status,
    error: error.slice(0, 1_000),
    durationMs,
  });
}

function refuseCircuit(call: Call, candidate: Candidate, restMs: number): TryFailure {
  const seconds = Math.ceil(restMs / 1_000);
  const message = `The circuit breaker of ${candidate.name} is open after repeated failures; it is asked again in ${seconds} s.`;
  note(call, candidate, { status: 0, error: message, durationMs: 0 });
  return new TryFailure(message, { kind: "circuit", status: 0, retryAfterMs: restMs });
}
