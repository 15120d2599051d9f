import { ERRORS, type ErrorCode } from "@treadle/contract";

type Extra = {
  /** The message for the caller. By default, the table's sentence. It says what was wrong, where, and what to do. */
  readonly message?: string;
  readonly details?: unknown;
  /** Seconds the caller should wait before it tries again. */
  readonly retryAfterSeconds?: number;
  /** Response headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
};

/** The one error type a service throws on purpose. Anything else is a bug, and is answered as `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, { message, details, retryAfterSeconds, headers, cause }: Extra = {}) {
    super(message ?? ERRORS[code][1], cause === undefined ? undefined : { cause });
    this.name = "AppError";
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
    this.headers = headers;
  }

  get status(): number {
    return ERRORS[this.code][0];
  }
}

/** The same for an id that does not exist and for one of another project: an id is never a capability. */
export const notFound = (kind: string, id: string) =>
  new AppError("not_found", { message: `This project has no ${kind} "${id}".`, details: { kind, id } });
