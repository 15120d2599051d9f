type Described = { name: string; message: string; code?: string; stack?: string[]; cause?: Described };

const MAX_CAUSES = 5;

/**
 * The log record of an error: name, message, code, location, and its causes. Quoted data in library errors (a failed
 * query's parameters, the invalid JSON) is left out.
 */
export const describeError = (error: unknown): Described => describe(error, 0);

function describe(error: unknown, depth: number): Described {
  if (!(error instanceof Error)) return { name: typeof error, message: "a value that is not an Error was thrown" };
  const { code } = error as { code?: unknown };
  const stack = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
  return {
    name: error.name,
    message: safeMessage(error),
    ...(typeof code === "string" && { code }),
    ...(stack && { stack }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: describe(error.cause, depth + 1) }),
  };
}

function safeMessage(error: Error): string {
  if (error instanceof SyntaxError) return "a text could not be parsed";
  const [message = ""] = error.message.split(/\nparams:/, 1);
  return message.slice(0, 500);
}
