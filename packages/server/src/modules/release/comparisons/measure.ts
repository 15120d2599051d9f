import type { RolloutGuardrail, RolloutMetric } from "@treadle/contract";

/** A metric that arms are compared by. */
export type Measure = Pick<RolloutGuardrail, "metric" | "direction" | "margin">;

/** A metric as a word. No two measures of a rollout or a test have the same one. */
export const keyOf = (metric: RolloutMetric): string =>
  metric.kind === "score" ? `score:${metric.name}` : metric.kind;

const RATES = new Set<RolloutMetric["kind"]>(["error", "latency", "first-token", "schema", "refusal"]);
/** Whether each request is either bad or not. */
export const isRate = ({ kind }: RolloutMetric): boolean => RATES.has(kind);

/** A measure whose budget is a number. */
export function withBudget<One extends Pick<Measure, "metric">>(
  measure: One,
  budgets: Readonly<Record<string, number>>,
): One {
  const { metric } = measure;
  if (metric.kind !== "latency" && metric.kind !== "first-token") return measure;
  return { ...measure, metric: { ...metric, budgetMs: metric.budgetMs ?? budgets[keyOf(metric)] ?? null } };
}
