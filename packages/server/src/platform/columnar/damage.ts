import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";

/** The engine's errors, recognised by their shape: each engine brings its own copy of the class. */
const EngineError = z.object({ type: z.string(), message: z.string() });

const FULL = /NOT_ENOUGH_SPACE|No space left on device|errno: 28\b|ENOSPC/;
/**
 * Engine errors for a missing, truncated or changed file of a part. Each means damage only if the message names a part.
 */
const DAMAGED = new Set([
  "ATTEMPT_TO_READ_AFTER_EOF",
  "BAD_SIZE_OF_FILE_IN_DATA_PART",
  "CANNOT_DECOMPRESS",
  "CANNOT_READ_ALL_DATA",
  "CHECKSUM_DOESNT_MATCH",
  "CORRUPTED_DATA",
  "FILE_DOESNT_EXIST",
  "INCORRECT_DATA",
  "NO_FILE_IN_DATA_PART",
  "SIZES_OF_COLUMNS_DOESNT_MATCH",
  "TOO_LARGE_SIZE_COMPRESSED",
  "UNKNOWN_CODEC",
]);
/** The folder of a part, such as `202611_1_4_2`, in a path that the message quotes. */
const PART = /\/([\w-]+_\d+_\d+_\d+(?:_\d+)?)\//;

/** The part that could not be read; null for any other error. */
export function damagedPartIn(error: unknown): string | null {
  const parsed = EngineError.safeParse(error);
  if (!parsed.success || !DAMAGED.has(parsed.data.type)) return null;
  return PART.exec(parsed.data.message)?.[1] ?? null;
}

export const isDiskFull = (error: unknown): boolean => error instanceof Error && FULL.test(`${textOf(error)}`);

const textOf = (error: Error) => ("type" in error ? `${String(error.type)} ${error.message}` : error.message);

/** The caller's error when the store, not the query, is at fault. */
export function storeFault(error: unknown): AppError | null {
  const part = damagedPartIn(error);
  if (part !== null)
    return new AppError("damaged_data", {
      message: `The part "${part}" of the trace store is damaged, so this query cannot run. ${REMEDY}`,
      cause: error,
    });
  if (!isDiskFull(error)) return null;
  return new AppError("insufficient_storage", {
    message: "The disk is full, so the trace store cannot run this query. Free some disk space and try again.",
    cause: error,
  });
}

const REMEDY =
  "Restore the data folder from a backup, or continue without the rows of this part. docs/guide/operations.md explains both under Damaged data.";
