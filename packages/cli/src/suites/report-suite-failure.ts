import { ApiError } from "@treadle/sdk";
import type { Command } from "commander";
import type { ServerFlags } from "../connect.ts";
import { reportFailure } from "../report-failure.ts";
import { UsageError } from "./suite-error.ts";

const USAGE = 64;
const NOT_DECIDED = 4;
/** What a server refuses because of what it was asked, and not because something is broken. */
const ASKED_WRONG: ReadonlySet<string> = new Set(["invalid_request", "unprocessable", "not_found", "conflict"]);

/** Says what went wrong. Nothing but a regression ends with 1: wrong use is 64, and all else, such as a server that is away, 4. */
export function reportSuiteFailure(error: unknown, flags: ServerFlags): void {
  reportFailure(error, flags);
  const isUsage = error instanceof UsageError || (error instanceof ApiError && ASKED_WRONG.has(error.code));
  process.exitCode = isUsage ? USAGE : NOT_DECIDED;
}

/** Flags that do not exist end with 64 as well. */
export const withUsageExit = (command: Command) =>
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));
