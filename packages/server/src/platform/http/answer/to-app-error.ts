import type { ErrorCode } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";

/** Codes of Fastify, Node and PostgreSQL that are the caller's doing, or the weather, rather than a bug. */
const KNOWN: Readonly<Record<string, readonly [ErrorCode, string?]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "unsupported_media_type",
    "Send JSON, with the header `content-type: application/json`.",
  ],
  FST_ERR_BAD_URL: ["invalid_request", "The path of the URL is not valid percent-encoding."],
  ENOSPC: ["insufficient_storage"],
  ECONNREFUSED: ["unavailable"],
  "22021": ["invalid_request", "A text contains U+0000, which cannot be stored."],
  "22P05": ["invalid_request", "A text contains U+0000, which cannot be stored."],
  "22003": ["invalid_request", "A number is larger than the database can store. Send a smaller one."],
  "22008": [
    "invalid_request",
    "A time is outside the range that the database can store. Send a time from the year 2000 to 2199.",
  ],
  "23505": ["conflict"],
  "53100": ["insufficient_storage"],
  "53300": ["unavailable"],
  "57P01": ["unavailable"],
  "57P03": ["unavailable"],
  "08006": ["unavailable"],
};

/** The error of the driver's pool when no session was free in time. It has no code. */
const POOL_IS_BUSY = "timeout exceeded when trying to connect";
const MAX_CAUSES = 5;

function knownCause(error: unknown): readonly [ErrorCode, string?] | undefined {
  let cause = error;
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth++, cause = cause.cause) {
    if (cause.message === POOL_IS_BUSY) return ["unavailable", "The database is busy. Try again shortly."];
    const { code } = cause as { code?: unknown };
    const known = typeof code === "string" && Object.hasOwn(KNOWN, code) ? KNOWN[code] : undefined;
    if (known) return known;
  }
  return undefined;
}

/** Converts every thrown value to an `AppError`. Unexpected errors become `internal` with their cause for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = knownCause(error);
  if (known) return new AppError(known[0], { message: known[1], cause: error });
  return new AppError("internal", { cause: error });
}
