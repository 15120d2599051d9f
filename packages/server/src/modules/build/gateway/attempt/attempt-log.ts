import type { Attempt } from "@treadle/contract";
import type { Reservation } from "../request/spend-limits.ts";
import type { Target } from "../resolve/target.ts";
import { AttemptFailure } from "./attempt-failure.ts";

/** The results of a call's attempts, for its headers, its span and its metrics. */
export type AttemptLog = {
  readonly attempts: readonly Attempt[];
  /** Milliseconds spent waiting for providers and between attempts. */
  readonly upstreamMs: number;
  /** Milliseconds spent in the queues of limits. */
  readonly queuedMs: number;
  /** The parts of the request that the last model did not receive. */
  readonly warnings: readonly string[];
  /** Whether a target answered. */
  readonly isAnswered: boolean;
  /** What the attempt that answered holds of the project's limits; null without limits. */
  readonly reservation: Reservation | null;
};
/** The log while it is written, by this stage only. */
export type OpenLog = {
  attempts: Attempt[];
  upstreamMs: number;
  queuedMs: number;
  warnings: readonly string[];
  isAnswered: boolean;
  reservation: Reservation | null;
};
type Result = { readonly failure: AttemptFailure | null; readonly durationMs: number };

export const NO_ATTEMPTS: AttemptLog = openLog();

const MAX_ERROR_CHARACTERS = 1_000;

export function openLog(): OpenLog {
  return { attempts: [], upstreamMs: 0, queuedMs: 0, warnings: [], isAnswered: false, reservation: null };
}

export function logAttempt(log: OpenLog, target: Target, { failure, durationMs }: Result): void {
  const isHttp = target.kind === "http";
  log.upstreamMs += durationMs;
  log.attempts.push({
    connection: isHttp ? target.connection.slug : "local",
    provider: isHttp ? target.connection.preset : "local",
    model: target.model,
    status: failure ? failure.status : 200,
    error: failure ? failure.message.slice(0, MAX_ERROR_CHARACTERS) : "",
    durationMs,
  });
}

/** The logs of two requests for one call, the first one first. */
export const joinLogs = (first: AttemptLog, second: AttemptLog): AttemptLog => ({
  ...second,
  attempts: [...first.attempts, ...second.attempts],
  upstreamMs: first.upstreamMs + second.upstreamMs,
  queuedMs: first.queuedMs + second.queuedMs,
  isAnswered: first.isAnswered || second.isAnswered,
  reservation: second.reservation ?? first.reservation,
});

/** Logs a target that was not called, and returns why. */
export function logSkipped(log: OpenLog, target: Target, failure: AttemptFailure): AttemptFailure {
  logAttempt(log, target, { failure, durationMs: 0 });
  return failure;
}

export function openCircuit({ name }: Target, openMs: number): AttemptFailure {
  const seconds = Math.ceil(openMs / 1_000);
  const message = `The circuit breaker of ${name} is open after repeated failures. Try again in ${seconds} s.`;
  return new AttemptFailure(message, { kind: "circuit", status: 0, retryAfterMs: openMs });
}

export function restingProvider({ name }: Target, restMs: number): AttemptFailure {
  const seconds = Math.ceil(restMs / 1_000);
  const message = `The provider of ${name} has asked for a pause (Retry-After). It ends in ${seconds} s.`;
  return new AttemptFailure(message, { kind: "circuit", status: 0, retryAfterMs: restMs });
}
