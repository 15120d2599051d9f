import type { Span } from "@treadle/contract";
import { makeSpan } from "../../traces/testing/make-span.ts";

/** The time of the tests. */
export const NOW = Date.parse("2026-11-20T12:00:00Z");

export const at = (ms: number) => new Date(ms).toISOString();

export const failed = (more: Partial<Span> = {}) =>
  makeSpan({
    startTime: at(NOW - 60_000),
    status: "error",
    errorType: "TimeoutError",
    errorMessage: "The server took longer than 30 s.",
    ...more,
  });
