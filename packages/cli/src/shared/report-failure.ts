import { ApiError } from "@treadle/sdk";
import { adviceFor, type ServerFlags, serverUrl } from "./connect.ts";
import { EXIT } from "./exit-codes.ts";
import { UsageError } from "./usage-error.ts";

type Streams = {
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Ends a command with the error and the next step on standard error, as JSON if requested. Sets the exit code. */
export function reportFailure(error: unknown, flags: ServerFlags): void {
  process.exitCode = describeFailure(error, flags, process);
}

/** Writes the error and the next step, and returns the exit code. */
export function describeFailure(error: unknown, flags: ServerFlags, { stderr, env }: Streams): number {
  // The reader of a pipe, such as `head`, has enough.
  if (error instanceof Error && "code" in error && error.code === "EPIPE") return EXIT.ok;
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof ApiError ? adviceFor(error, serverUrl(flags, env)) : undefined;
  if (flags.json) {
    const { code = "failed", details, requestId } = error instanceof ApiError ? error : {};
    stderr.write(`${JSON.stringify({ error: { code, message, details, requestId, advice } })}\n`);
  } else stderr.write(`treadle: ${message}\n${advice ? `${advice}\n` : ""}`);
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof ApiError)) return EXIT.failed;
  if (error.code === "network") return EXIT.unavailable;
  return error.status === 0 && error.code === "cancelled" ? EXIT.undecided : EXIT.failed;
}
