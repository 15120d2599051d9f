import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { CONTENT_COLUMNS } from "./sql-columns.ts";

/** The engine's errors, recognised by their shape: each engine brings its own copy of the class. */
const EngineError = z.object({ code: z.string(), type: z.string().optional(), message: z.string() });

export const SQL_SECONDS = 30;
export const SQL_MEMORY_BYTES = 1_073_741_824;
export const SQL_ROWS_READ = 500_000_000;
export const SQL_ANSWER_BYTES = 33_554_432;

const LIMITS: Readonly<Record<string, string>> = {
  TIMEOUT_EXCEEDED: `The statement took longer than ${SQL_SECONDS} seconds and was stopped. Read a shorter time range, such as \`where start_time > now() - interval 1 day\`.`,
  TOO_SLOW: `The statement would take longer than ${SQL_SECONDS} seconds and was stopped. Read a shorter time range.`,
  MEMORY_LIMIT_EXCEEDED: `The statement needs more than ${SQL_MEMORY_BYTES / 1_073_741_824} GiB of memory. Group by fewer values, or read fewer columns or a shorter time range.`,
  TOO_MANY_ROWS: `The statement would read more than ${SQL_ROWS_READ / 1e6} million rows. Read a shorter time range.`,
  TOO_MANY_ROWS_OR_BYTES: `The result is larger than ${SQL_ANSWER_BYTES / 1_048_576} MiB. Read fewer columns or rows; \`input\` and \`output\` are the widest columns.`,
};

/** An internal failure of the engine. The caller learns that it failed, but no details. */
const INNER = /^(LOGICAL_ERROR|NOT_IMPLEMENTED|STD_EXCEPTION|UNKNOWN_EXCEPTION|CORRUPTED_DATA|CHECKSUM_DOESNT_MATCH)$/;
/** Parts of an error about the execution of the statement. */
const INSIDES =
  /(:? in scope\b|: while executing|: while processing|\(version |stack trace|: In scope\b).*?(?=\. Maybe you meant|$)/is;
const LONGEST_MESSAGE = 600;

/** The error for a statement that names a column which this caller cannot read; null for any other error. */
export function describeHidden(error: unknown, { hasContent }: { readonly hasContent: boolean }): AppError | null {
  const parsed = EngineError.safeParse(error);
  if (hasContent || !parsed.success || parsed.data.type !== "UNKNOWN_IDENTIFIER") return null;
  const column = HIDDEN.find((name) => new RegExp(`[\`.]${name}[\`'.]`).test(parsed.data.message));
  if (column === undefined) return null;
  return new AppError("forbidden", {
    message: `The column \`${column}\` holds the content of traces. It needs the permission "traces:content". Use other columns.`,
    details: { permission: "traces:content" },
    cause: error,
  });
}

const HIDDEN: readonly string[] = Object.values(CONTENT_COLUMNS).flat();

/** An error that the engine has with a statement, in words for who wrote it; null when it is another kind of error. */
export function describeFailure(error: unknown): AppError | null {
  const parsed = EngineError.safeParse(error);
  if (!parsed.success) return null;
  const { type = "", message } = parsed.data;
  const limit = LIMITS[type];
  if (limit !== undefined) return new AppError("unprocessable", { message: limit, cause: error });
  if (INNER.test(type))
    return new AppError("unprocessable", {
      message: "The database cannot run this statement. Rewrite it in smaller steps.",
      cause: error,
    });
  return new AppError("invalid_request", {
    message: tidy(message),
    details: { param: "sql", ...placeOf(message) },
    cause: error,
  });
}

function tidy(message: string): string {
  const text = message
    .replace(/^.*?DB::Exception: /s, "")
    .replace(/\s*\([A-Z_0-9]+\)\s*$/, "")
    .replace(INSIDES, "")
    .replaceAll(/\b__table\d+\./g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[.:]*$/, ".");
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}

/** Where the parser stopped, counted from 1. */
function placeOf(message: string): { position?: number } {
  const position = /Syntax error[^:]*: failed at position (\d+)/.exec(message)?.[1];
  return position === undefined ? {} : { position: Number(position) };
}
