import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Sink } from "../../kernel/sink.ts";
import { answerHead } from "./answer-head.ts";
import { type Call, WIRES } from "./call.ts";
import type { TryFailure } from "./try-failure.ts";

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
 * What the caller reads when no provider answered. A provider's own refusal keeps its status and its words; everything
 * else is one of our errors. Never holds a key: the words were cleaned when the try failed.
 */
export function toCallerError(call: Call, failure: TryFailure): AppError | null {
  if (failure.cause instanceof AppError) return failure.cause;
  if (failure.status >= 400 && failure.status <= 599) return null;
  const details = { attempts: call.attempts };
  const retryAfterSeconds = failure.retryAfterMs === null ? undefined : Math.ceil(failure.retryAfterMs / 1_000);
  const code = failure.kind.endsWith("timeout") ? "provider_timeout" : "provider_failed";
  return new AppError(code, { message: tell(call, failure), details, retryAfterSeconds, cause: failure });
}

/** Sends a provider's refusal in the caller's format, with its status. */
export function relayFailure(call: Call, failure: TryFailure, { sink, clock }: { sink: Sink; clock: Clock }): void {
  const last = call.attempts.at(-1);
  const model = last ? `${last.connection}/${last.model}` : call.request.model;
  const headers = answerHead(call, { model, isStream: false }, clock);
  if (failure.retryAfterMs !== null) headers["retry-after"] = String(Math.ceil(failure.retryAfterMs / 1_000));
  sink.head(failure.status, headers);
  sink.end(JSON.stringify(bodyOf(call, failure)));
}

function bodyOf(call: Call, failure: TryFailure): object {
  const { status, type, code } = failure;
  const message = tell(call, failure);
  if (WIRES[call.wire].errors === "anthropic") {
    // The type of another format, such as OpenAI's `server_error`, would mean nothing to whoever reads Anthropic's.
    const own = type !== null && KNOWN_TO_ANTHROPIC.has(type) ? type : null;
    const named = ANTHROPIC_TYPES[status] ?? own ?? (status < 500 ? "invalid_request_error" : "api_error");
    return {
      type: "error",
      error: { type: named, message },
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

/** The provider's words; with several tries, each of them in one line. */
function tell({ attempts }: Call, failure: TryFailure): string {
  const asked = new Set(attempts.map(({ connection, model }) => `${connection}/${model}`));
  if (asked.size <= 1) return failure.message;
  const lines = attempts.map(
    ({ connection, model, status, error }) => `${connection}/${model}${status ? ` (${status})` : ""}: ${error}`,
  );
  return `${failure.message.replace(/[^.!?]$/, "$&.")} No other model could answer either: ${lines.slice(0, -1).join(" · ")}`;
}
