import { ApiError } from "@treadle/sdk";
import { adviceFor, type ServerFlags, serverUrl } from "./connect.ts";

/** Ends a command with what went wrong and what to do, on standard error; as JSON when that was asked for. Sets exit code 1. */
export function reportFailure(error: unknown, flags: ServerFlags): void {
  process.exitCode = 1;
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof ApiError ? adviceFor(error, serverUrl(flags)) : undefined;
  if (!flags.json) {
    process.stderr.write(`treadle: ${message}\n${advice ? `${advice}\n` : ""}`);
    return;
  }
  const { code = "failed", details, requestId } = error instanceof ApiError ? error : {};
  process.stderr.write(`${JSON.stringify({ error: { code, message, details, requestId, advice } })}\n`);
}
