import { z } from "zod";

/** Engine errors for invalid rows. Other errors, such as a full disk or too many parts, may be temporary. */
const WRONG_ROWS = new Set([
  "ARGUMENT_OUT_OF_BOUND",
  "CANNOT_CONVERT_TYPE",
  "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
  "CANNOT_READ_ALL_DATA",
  "CANNOT_READ_ARRAY_FROM_TEXT",
  "CANNOT_READ_MAP_FROM_TEXT",
  "DECIMAL_OVERFLOW",
  "INCORRECT_DATA",
  "NO_SUCH_COLUMN_IN_TABLE",
  "SYNTAX_ERROR",
  "TOO_DEEP_RECURSION",
  "TOO_LARGE_ARRAY_SIZE",
  "TOO_LARGE_STRING_SIZE",
  "TYPE_MISMATCH",
  "UNKNOWN_ELEMENT_OF_ENUM",
  "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
  "VIOLATED_CONSTRAINT",
]);

/** The engine's errors, recognised by their shape: each engine brings its own copy of the class. */
const EngineError = z.object({ code: z.string(), type: z.string() });

/** Whether the engine refused a batch for what is in it, so that sending it again is useless. */
export function isAboutTheRows(error: unknown): error is Error {
  const parsed = EngineError.safeParse(error);
  if (!parsed.success || !(error instanceof Error)) return false;
  return WRONG_ROWS.has(parsed.data.type) || parsed.data.type.startsWith("CANNOT_PARSE_");
}
