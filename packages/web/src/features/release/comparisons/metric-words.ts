import type { SpanAssignment } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { formatDuration, formatMoney, formatPercent } from "../../../components/text/format.ts";

export type Metric = Answer<"GET /api/v1/ab-tests/:abTestId">["metrics"][number]["metric"];
/** A metric of a form, with its margin. */
export type DraftMeasure = RequestFor<"POST /api/v1/ab-tests">["body"]["metrics"][number];

export const METRIC_WORDS: Readonly<Record<Metric["kind"], string>> = {
  error: "Errors",
  latency: "Slow requests",
  "first-token": "Slow first tokens",
  cost: "Cost per request",
  schema: "Schema failures",
  refusal: "Refusals",
  score: "Score",
};

/** The key of a metric, by which a test names its goal. */
export const metricKey = (metric: Pick<Metric, "kind"> & { name?: string }): string =>
  metric.kind === "score" ? `score:${metric.name ?? ""}` : metric.kind;

/** A metric as people call it, with its budget. */
export function metricWords(metric: Metric): string {
  if (metric.kind === "score") return metric.name;
  const budget = metric.kind === "latency" || metric.kind === "first-token" ? metric.budgetMs : null;
  return budget ? `${METRIC_WORDS[metric.kind]} (> ${formatDuration(budget)})` : METRIC_WORDS[metric.kind];
}

export const UNIT_WORDS: Readonly<Record<SpanAssignment["unit"], string>> = {
  user: "Users",
  session: "Sessions",
  conversation: "Conversations",
  key: "API keys",
  request: "Requests",
};

/** The mean of an arm in the metric's unit. */
export function formatValue(value: number | null, { kind }: Pick<Metric, "kind">): string {
  if (value === null) return "–";
  if (kind === "cost") return formatMoney(value);
  return kind === "score" ? String(Number(value.toPrecision(3))) : formatPercent(value);
}

/** A difference in the metric's unit, with its sign: above 0 is worse. */
export function formatHarm(harm: number | null, { kind }: Pick<Metric, "kind">): string {
  if (harm === null) return "–";
  const size = Math.abs(harm);
  const text = kind === "score" ? String(Number(size.toPrecision(2))) : formatPercent(size);
  return size === 0 ? text : `${harm > 0 ? "+" : "−"}${text}`;
}

/** The same measure for another metric, with a margin of that metric's size. */
export function withMetric<One extends DraftMeasure>(measure: One, kind: Metric["kind"]): One {
  const margin = kind === "cost" ? 0.1 : kind === "score" ? 0.05 : 0.02;
  if (kind === "score")
    return { ...measure, metric: { kind, name: "", maturityMinutes: 10 }, direction: "higher", margin };
  return { ...measure, metric: { kind }, direction: "lower", margin };
}

/** Rates and costs are typed in percent; scores on their own scale. */
export const isPercent = ({ metric }: DraftMeasure): boolean => metric.kind !== "score";
