import { AppError } from "../../kernel/errors.ts";
import { OutboundError, type OutboundErrorKind } from "../../platform/outbound/port.ts";
import { type UpstreamError, UpstreamStreamError } from "./providers/provider.ts";

/** `status`: the provider refused. `answer`: a 200 that was none. `circuit`: it was not asked. `request`: it could not be asked this. */
export type FailureKind = OutboundErrorKind | "status" | "answer" | "circuit" | "request";

type Facts = {
  readonly kind: FailureKind;
  /** The provider's HTTP status, or 0 when there was none. */
  readonly status: number;
  readonly type?: string | null;
  readonly code?: string | null;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
};

/** Why one try of one provider gave no answer. */
export class TryFailure extends Error {
  override readonly name = "TryFailure";
  readonly kind: FailureKind;
  readonly status: number;
  readonly type: string | null;
  readonly code: string | null;
  /** How long the provider asks to wait, or null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, { kind, status, type = null, code = null, retryAfterMs = null, cause }: Facts) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.type = type;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const RETRIABLE_STATUS = new Set([408, 429]);
const RETRIABLE_KIND: ReadonlySet<FailureKind> = new Set([
  "connect",
  "connect_timeout",
  "first_byte_timeout",
  "reset",
  "answer",
]);

/** The same request may go better a moment later. */
export const isRetriable = ({ kind, status }: TryFailure) =>
  RETRIABLE_KIND.has(kind) || RETRIABLE_STATUS.has(status) || status >= 500;

/** Another key may be taken where this one is not. */
export const isKeyProblem = ({ status }: TryFailure) => status === 401 || status === 403 || status === 429;

/** It shows that the provider is unwell, rather than that it does not like the request. */
export const isSickness = (failure: TryFailure) => isRetriable(failure) && failure.status !== 429;

type Headers = Readonly<Record<string, string | string[]>>;

export function failureOfStatus(status: number, headers: Headers, error: UpstreamError): TryFailure {
  return new TryFailure(error.message, {
    kind: "status",
    status,
    type: error.type,
    code: error.code,
    retryAfterMs: readRetryAfter(headers),
  });
}

/** Anything that was thrown while a provider was asked. Rethrows what is nobody's weather: a bug. */
export function toFailure(error: unknown): TryFailure {
  const failure = foresee(error);
  if (failure === null) throw error;
  return failure;
}

/** The same, and null for a bug. */
export function foresee(error: unknown): TryFailure | null {
  if (error instanceof TryFailure) return error;
  if (error instanceof OutboundError)
    return new TryFailure(error.message, { kind: error.kind, status: 0, cause: error });
  if (error instanceof UpstreamStreamError) return failureOfAnswer(error.upstream);
  if (error instanceof AppError) {
    const isOurs = error.code === "model_failed" || error.code === "overloaded";
    return new TryFailure(error.message, {
      kind: isOurs ? "answer" : "request",
      status: isOurs ? error.status : 0,
      cause: error,
    });
  }
  return null;
}

/** A provider that repeats the key it was sent must not hand it to the caller. */
export function withoutKey(failure: TryFailure, key: string): TryFailure {
  if (key.length < 4 || !failure.message.includes(key)) return failure;
  const { kind, status, type, code, retryAfterMs } = failure;
  return new TryFailure(failure.message.replaceAll(key, "[key]"), { kind, status, type, code, retryAfterMs });
}

/** A 200 that holds an error: its own status counts when it names one, as OpenRouter's do. */
export function failureOfAnswer({ message, type, code }: UpstreamError): TryFailure {
  const named = Number(code);
  const status = Number.isInteger(named) && named >= 400 && named <= 599 ? named : 502;
  return new TryFailure(message, { kind: "answer", status, type, code });
}

/** `retry-after-ms` as OpenAI and Azure send it, or `retry-after` in seconds or as a date. */
function readRetryAfter(headers: Headers): number | null {
  const exact = Number(headers["retry-after-ms"]);
  if (headers["retry-after-ms"] !== undefined && Number.isFinite(exact) && exact >= 0) return exact;
  const text = headers["retry-after"];
  if (typeof text !== "string") return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
