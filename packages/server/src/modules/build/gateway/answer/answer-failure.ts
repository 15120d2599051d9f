import { ERRORS } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import type { AttemptFailure } from "../attempt/attempt-failure.ts";
import type { AttemptLog } from "../attempt/attempt-log.ts";
import { FORMATS } from "../formats/formats.ts";
import type { Call } from "../request/read-call.ts";
import { answerHead } from "./answer-head.ts";

/** The message of an unexpected error. The cause is in the log only. */
export const [, INTERNAL_MESSAGE] = ERRORS.internal;

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};
const KNOWN_TO_ANTHROPIC: ReadonlySet<string> = new Set([...Object.values(ANTHROPIC_TYPES), "api_error"]);
const OPENAI_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

/**
 * The error for the caller when no target answered. Null for a provider's error, whose status and message are passed
 * on. It never contains a key: `withoutKey` removed it when the attempt failed.
 */
export function toCallerError(failure: AttemptFailure, { attempts }: AttemptLog): AppError | null {
  if (failure.cause instanceof AppError) return failure.cause;
  if (failure.status >= 400 && failure.status <= 599) return null;
  const details = { attempts, ...(failure.kind === "circuit" && { reason: "circuit-open" }) };
  const retryAfterSeconds = failure.retryAfterMs === null ? undefined : Math.ceil(failure.retryAfterMs / 1_000);
  const code = failure.kind.endsWith("timeout") ? "provider_timeout" : "provider_failed";
  return new AppError(code, { message: describe(failure, attempts), details, retryAfterSeconds, cause: failure });
}

type Receiver = {
  readonly sink: Sink;
  readonly clock: Clock;
  readonly log: AttemptLog;
  readonly variant?: string | undefined;
};

/** Sends a provider's error in the caller's format, with its status. */
export function relayFailure(call: Call, failure: AttemptFailure, { sink, clock, log, variant }: Receiver): void {
  const last = log.attempts.at(-1);
  const model = last ? `${last.connection}/${last.model}` : call.request.model;
  const headers = answerHead(call, { model, variant, isStream: false, log }, clock);
  if (failure.retryAfterMs !== null) headers["retry-after"] = String(Math.ceil(failure.retryAfterMs / 1_000));
  sink.head(failure.status, headers);
  sink.end(JSON.stringify(bodyOf(call, failure, describe(failure, log.attempts))));
}

function bodyOf(call: Call, { status, type, code }: AttemptFailure, message: string): object {
  if (FORMATS[call.format].errors === "anthropic") {
    // Anthropic's clients do not know the types of another format, such as OpenAI's `server_error`.
    const own = type !== null && KNOWN_TO_ANTHROPIC.has(type) ? type : null;
    const anthropicType = ANTHROPIC_TYPES[status] ?? own ?? (status < 500 ? "invalid_request_error" : "api_error");
    return {
      type: "error",
      error: { type: anthropicType, message },
      request_id: call.requestId,
    };
  }
  return {
    error: {
      message,
      type: type ?? OPENAI_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "server_error"),
      param: null,
      code,
    },
  };
}

/** The provider's message; after attempts at several models, followed by the errors of the others. */
function describe(failure: AttemptFailure, attempts: AttemptLog["attempts"]): string {
  const models = new Set(attempts.map(({ connection, model }) => `${connection}/${model}`));
  if (models.size <= 1) return failure.message;
  const lines = attempts.map(
    ({ connection, model, status, error }) => `${connection}/${model}${status ? ` (${status})` : ""}: ${error}`,
  );
  return `${failure.message.replace(/[^.!?]$/, "$&.")} The other models failed too: ${lines.slice(0, -1).join(" · ")}`;
}
