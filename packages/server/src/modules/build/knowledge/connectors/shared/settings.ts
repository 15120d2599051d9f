import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError } from "../../../../../kernel/errors.ts";
import { type Outbound, OutboundError } from "../../../../../platform/outbound/port.ts";

/** A setting that the kind of the source needs. Throws `unprocessable` without it. */
export function requireSetting<Value>(name: string, value: Value | undefined): Value {
  const isMissing = value === undefined || (Array.isArray(value) && value.length === 0);
  if (isMissing)
    throw new AppError("unprocessable", {
      message: `The source needs \`${name}\`. Set it.`,
      details: { param: name },
    });
  return value;
}

export const tooLarge = () =>
  new AppError("payload_too_large", {
    message: `It is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB. Divide it, or leave it out by a pattern.`,
  });

const TIMEOUTS = { connectMs: 15_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 600_000 };

type Fetching = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
};

/** A GET through the guarded door. Redirects are returned. Throws `AppError` with a message for people. */
export async function fetchGuarded({ request }: Pick<Outbound, "request">, fetching: Fetching) {
  const { url, headers, signal, maxBytes = MAX_DOCUMENT_BYTES } = fetching;
  try {
    return await request({ method: "GET", url, headers, signal, maxBytes, timeouts: TIMEOUTS });
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof OutboundError)) throw cause;
    if (cause.kind === "too_large") throw tooLarge();
    throw new AppError(cause.kind === "refused_address" ? "unprocessable" : "unavailable", {
      message: cause.message,
      cause,
    });
  }
}

/** The value of a header that a response has once. */
export const headerOf = (headers: Readonly<Record<string, string | string[]>>, name: string): string | null =>
  [headers[name] ?? []].flat()[0] ?? null;
