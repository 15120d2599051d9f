import { AppError } from "../../../../kernel/errors.ts";
import { OutboundError, type OutboundErrorKind } from "../../../../platform/outbound/port.ts";
import { type UpstreamError, UpstreamStreamError } from "../formats/hub/hub.ts";

/** `status`: the provider rejected the request. `answer`: a 200 without an answer. `circuit` and `limit`: not attempted. `request`: no request could be built. */
export type FailureKind = OutboundErrorKind | "status" | "answer" | "circuit" | "limit" | "request";

type Facts = {
  readonly kind: FailureKind;
  /** The provider's HTTP status, or 0 when there was none. */
  readonly status: number;
  readonly type?: string | null;
  readonly code?: string | null;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
};

/** Why one attempt at one target gave no answer. */
export class AttemptFailure extends Error {
  override readonly name = "AttemptFailure";
  readonly kind: FailureKind;
  readonly status: number;
  readonly type: string | null;
  readonly code: string | null;
  /** The delay that the provider requests; null when it names none. */
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

/** Whether the same request may succeed a moment later. */
export const isRetriable = ({ kind, status }: AttemptFailure) =>
  RETRIABLE_KIND.has(kind) || RETRIABLE_STATUS.has(status) || status >= 500;

/** Whether another key may be accepted where this one is not. */
export const isKeyProblem = ({ status }: AttemptFailure) => status === 401 || status === 403 || status === 429;

/** Whether the provider is at fault, rather than the request. */
export const isSickness = (failure: AttemptFailure) => isRetriable(failure) && failure.status !== 429;

/** Whether the provider asks for a pause of a certain length before it takes calls of this model again. */
export const isPause = (failure: AttemptFailure): failure is AttemptFailure & { readonly retryAfterMs: number } =>
  (failure.status === 429 || failure.status === 503) && failure.retryAfterMs !== null && failure.retryAfterMs > 0;

type Headers = Readonly<Record<string, string | string[]>>;

export function failureOfStatus(status: number, headers: Headers, error: UpstreamError): AttemptFailure {
  return new AttemptFailure(error.message, {
    kind: "status",
    status,
    type: error.type,
    code: error.code,
    retryAfterMs: readRetryAfter(headers),
  });
}

/** Any error of an attempt as a failure. Rethrows an unexpected error: a bug. */
export function toFailure(error: unknown): AttemptFailure {
  const failure = expectedFailure(error);
  if (failure === null) throw error;
  return failure;
}

/** The same, but null for a bug. */
export function expectedFailure(error: unknown): AttemptFailure | null {
  if (error instanceof AttemptFailure) return error;
  if (error instanceof OutboundError)
    return new AttemptFailure(error.message, { kind: error.kind, status: 0, cause: error });
  if (error instanceof UpstreamStreamError) return failureOfAnswer(error.upstream);
  if (error instanceof AppError) {
    const isOurs = error.code === "model_failed" || error.code === "overloaded";
    return new AttemptFailure(error.message, {
      kind: isOurs ? "answer" : "request",
      status: isOurs ? error.status : 0,
      cause: error,
    });
  }
  return null;
}

/** Hides the key, if the provider repeats it, from the caller. */
export function withoutKey(failure: AttemptFailure, key: string): AttemptFailure {
  if (key.length < 4 || !failure.message.includes(key)) return failure;
  const { kind, status, type, code, retryAfterMs } = failure;
  return new AttemptFailure(failure.message.replaceAll(key, "[key]"), { kind, status, type, code, retryAfterMs });
}

/** A 200 that contains an error. Its own status counts when it names one, as OpenRouter's errors do. */
export function failureOfAnswer({ message, type, code }: UpstreamError): AttemptFailure {
  const ownStatus = Number(code);
  const status = Number.isInteger(ownStatus) && ownStatus >= 400 && ownStatus <= 599 ? ownStatus : 502;
  return new AttemptFailure(message, { kind: "answer", status, type, code });
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
