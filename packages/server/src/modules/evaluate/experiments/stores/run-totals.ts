import type { Run } from "@treadle/contract";

/** The current counts of a run's answers. */
export type RunTotals = Pick<
  Run,
  "answers" | "errors" | "inputTokens" | "outputTokens" | "costUsd" | "latencyP50Ms" | "latencyP95Ms"
>;
