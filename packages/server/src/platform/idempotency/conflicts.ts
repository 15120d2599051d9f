import { AppError } from "../../kernel/errors.ts";

const RETRY_SECONDS = 1;

/** The earlier request with this key had another path, query or body. */
export const keyReused = () =>
  new AppError("conflict", {
    message:
      "This Idempotency-Key was already sent with another request. Send the same path, query and body again, or use a new key.",
    details: { code: "idempotency_key_reused" },
  });

/** The earlier request with this key has no response yet. */
export const inProgress = () =>
  new AppError("conflict", {
    message: "A request with this Idempotency-Key is still running. Try again in a moment with the same key.",
    details: { code: "idempotency_key_in_progress" },
    retryAfterSeconds: RETRY_SECONDS,
  });

/** The earlier request may have done its work. Running it again could do the work twice. */
export const outcomeUnknown = () =>
  new AppError("conflict", {
    message:
      "The server stopped while a request with this Idempotency-Key was running, or lost its response. Check whether the request had an effect. Then send it with a new key.",
    details: { code: "idempotency_outcome_unknown" },
  });
