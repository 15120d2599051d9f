import type { RolloutGuardrail } from "@treadle/contract";

/** The candidate's requests behind a metric, in the filter language: the bad ones where each request is bad or not. */
export function filterOf(rolloutId: string, candidate: string, { metric }: RolloutGuardrail): string {
  const arm = `rollout:${rolloutId} variant:${candidate}`;
  if (metric.kind === "error") return `${arm} has:error`;
  if (metric.kind === "latency" && metric.budgetMs !== null) return `${arm} latency>${metric.budgetMs}ms`;
  if (metric.kind === "first-token" && metric.budgetMs !== null) return `${arm} ttft>${metric.budgetMs}ms`;
  if (metric.kind === "cost") return `${arm} has:cost`;
  return metric.kind === "score" ? `${arm} has:score` : arm;
}
