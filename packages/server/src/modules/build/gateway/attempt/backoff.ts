import { AppError } from "../../../../kernel/errors.ts";

const FIRST_DELAY_MS = 400;
const MAX_DELAY_MS = 8_000;
/** A longer `retry-after` is not waited for. */
const MAX_RETRY_AFTER_MS = 15_000;

/**
 * The delay before the next attempt, in milliseconds: the provider's `retry-after`, or a random part of a limit that
 * doubles with each retry, so that callers do not return simultaneously. Null if the delay would be too long.
 */
export function retryDelay(retry: number, retryAfterMs: number | null, random: () => number): number | null {
  if (retryAfterMs !== null)
    return retryAfterMs <= MAX_RETRY_AFTER_MS ? retryAfterMs + random() * FIRST_DELAY_MS : null;
  return random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** retry);
}

/** Throws `cancelled` if the signal is aborted before the pause ends. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(new AppError("cancelled"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cancel);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
  });
}
