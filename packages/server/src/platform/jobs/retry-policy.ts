import type { ErrorCode } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";

/** With the default waits these tries last about an hour, longer than most outages of a provider. */
const OUTAGE_TRIES = 20;
/** An error that nothing foresaw is more often a bug than an outage. These tries last about half a minute. */
const UNEXPECTED_TRIES = 5;
/** A wait differs by up to this share, so that jobs that failed together do not all try again together. */
const JITTER = 0.2;

/** The codes of something outside the job that is expected to work again. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "provider_failed",
  "provider_timeout",
  "unavailable",
  "overloaded",
  "insufficient_storage",
]);
/** The only client errors of a provider that the same request may not get again. */
const TEMPORARY_STATUS: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** How many tries a job has in all if the last one failed with this error; 1 for an error that would only repeat. */
export function triesFor(error: unknown, maxTries: number | undefined): number {
  if (!(error instanceof AppError)) return maxTries ?? UNEXPECTED_TRIES;
  const isTemporary = OUTAGES.has(error.code) && !isRejected(error.details);
  if (!isTemporary && (error.status < 500 || OUTAGES.has(error.code))) return 1;
  return maxTries ?? (isTemporary ? OUTAGE_TRIES : UNEXPECTED_TRIES);
}

/** Whether the details name a provider's status that says the request itself is wrong. */
function isRejected(details: unknown): boolean {
  const status = typeof details === "object" && details !== null && "status" in details ? details.status : null;
  return typeof status === "number" && status >= 400 && status < 500 && !TEMPORARY_STATUS.has(status);
}

type Waits = { readonly firstWaitMs: number; readonly longestWaitMs: number };

/** Milliseconds to wait after the n-th failure (from 1): twice as long as before up to a limit, with jitter. */
export function waitAfter(failures: number, { firstWaitMs, longestWaitMs }: Waits, random = Math.random): number {
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(waitMs * (1 - JITTER + 2 * JITTER * random()));
}
