import type { Run } from "@treadle/contract";

/** What has been counted of a run's answers by now. */
export type RunTotals = Pick<
  Run,
  "answers" | "errors" | "inputTokens" | "outputTokens" | "costUsd" | "latencyP50Ms" | "latencyP95Ms"
>;
