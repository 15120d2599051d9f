import { ApiError } from "@treadle/sdk";
import type { ServerFlags } from "../shared/connect.ts";
import { EXIT } from "../shared/exit-codes.ts";
import { reportFailure } from "../shared/report-failure.ts";
import { UsageError } from "../shared/usage-error.ts";

/** What a server refuses because of what it was asked, and not because something is broken. */
const ASKED_WRONG: ReadonlySet<string> = new Set(["invalid_request", "unprocessable", "not_found", "conflict"]);

/**
 * Reports an error. Only a regression ends with 1. Wrong use ends with 64, and everything else with 4: an unavailable
 * server, or an accepted job that failed or was canceled later (status 0).
 */
export function reportSuiteFailure(error: unknown, flags: ServerFlags): void {
  reportFailure(error, flags);
  const isRefused = error instanceof ApiError && error.status !== 0 && ASKED_WRONG.has(error.code);
  const isUsage = error instanceof UsageError || isRefused;
  process.exitCode = isUsage ? EXIT.usage : EXIT.unavailable;
}
