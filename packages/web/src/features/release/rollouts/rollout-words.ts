import { formatDuration, formatMoney, formatPercent } from "../../../components/text/format.ts";
import type { Finding, Rollout, RolloutEvent } from "./use-rollouts.ts";

type Metric = Finding["metric"];

export const METRIC_WORDS: Readonly<Record<Metric["kind"], string>> = {
  error: "Errors",
  latency: "Slow requests",
  "first-token": "Slow first tokens",
  cost: "Cost per request",
  schema: "Schema failures",
  refusal: "Refusals",
  score: "Score",
};

/** A metric as people call it, with its budget. */
export function metricWords(metric: Metric): string {
  if (metric.kind === "score") return metric.name;
  const budget = metric.kind === "latency" || metric.kind === "first-token" ? metric.budgetMs : null;
  return budget ? `${METRIC_WORDS[metric.kind]} (> ${formatDuration(budget)})` : METRIC_WORDS[metric.kind];
}

export const UNIT_WORDS: Readonly<Record<Rollout["unit"], string>> = {
  user: "Users",
  session: "Sessions",
  conversation: "Conversations",
  key: "API keys",
  request: "Requests",
};

export const ACTION_WORDS: Readonly<Record<Finding["action"], string>> = {
  rollback: "Roll back",
  hold: "Hold",
  warn: "Warn",
};

export const EVENT_WORDS: Readonly<Record<RolloutEvent["kind"], string>> = {
  created: "Draft created",
  changed: "Draft changed",
  started: "Started",
  "next-stage": "Next stage",
  holding: "Holding",
  paused: "Paused",
  resumed: "Resumed",
  promoted: "Promoted",
  "rolled-back": "Rolled back",
  expired: "Expired",
  warned: "Warning",
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

/** An e-value from its base-10 logarithm: `0.42`, `18`, `3,400`, `10^15`. */
export function formatEvidence(log10: number): string {
  if (log10 > 6) return `10^${Math.round(log10)}`;
  const value = 10 ** log10;
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value < 0.01 ? "<0.01" : String(Number(value.toPrecision(2)));
}

/** What a guardrail shows, in a word. */
export const STATUS_WORDS: Readonly<Record<Finding["status"], { readonly word: string; readonly look: string }>> = {
  collecting: { word: "Collecting", look: "text-muted" },
  harm: { word: "Harm", look: "text-bad" },
  safe: { word: "Safe", look: "text-good" },
  unclear: { word: "Unclear", look: "text-warn" },
};
