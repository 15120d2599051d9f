import type { ErrorCode } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { CallFailure } from "../protocol.ts";

/**
 * An error in a form that the server's process can rebuild. An unexpected error is the model's failure, not the
 * server's.
 */
export function toFailure(error: unknown, fallback: ErrorCode = "model_failed"): CallFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details };
  return { code: fallback, message: messageOf(error) };
}
