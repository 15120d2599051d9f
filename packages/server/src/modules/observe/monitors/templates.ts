import { MonitorInput, type MonitorTemplate } from "@treadle/contract";
import type { z } from "zod";

type Draft = z.input<typeof MonitorInput>;

function template(templateId: string, input: Draft): MonitorTemplate {
  const parsed = MonitorInput.parse(input);
  return { templateId, name: parsed.name, description: parsed.description, input: parsed };
}

const measure = (name: string, more: { readonly filter?: string; readonly groupBy?: string } = {}) => ({
  kind: "measure" as const,
  measure: name,
  ...more,
});
const HOUR = 3_600;
const DAY = 86_400;

/** Monitors for common needs. Users change the thresholds to their own. */
export const MONITOR_TEMPLATES: readonly MonitorTemplate[] = [
  template("error-rate", {
    name: "Error rate",
    description: "More than 5 % of the model calls of an endpoint fail, for certain.",
    source: measure("errorRate", { filter: "kind:generation", groupBy: "endpoint" }),
    condition: { kind: "threshold", critical: 0.1, warning: 0.05 },
  }),
  template("latency-p95", {
    name: "Latency, 95th percentile",
    description: "More than 5 % of the calls of a model take longer than 10 seconds.",
    source: measure("latencyP95Ms", { filter: "kind:generation", groupBy: "model" }),
    condition: { kind: "threshold", warning: 10_000, critical: 30_000 },
    windowSeconds: 600,
    holdFor: { needed: 2, of: 3 },
  }),
  template("time-to-first-token", {
    name: "Time to first token",
    description: "The time to the first token of a model is longer than usual for this hour of the week.",
    source: measure("timeToFirstTokenP95Ms", { filter: "kind:generation", groupBy: "model" }),
    condition: { kind: "change", direction: "up" },
    windowSeconds: 600,
    everySeconds: 600,
  }),
  template("cost-per-day", {
    name: "Cost per day",
    description: "The last 24 hours cost more than $100.",
    source: measure("costUsd"),
    condition: { kind: "threshold", warning: 80, critical: 100 },
    windowSeconds: DAY,
    everySeconds: 300,
  }),
  template("cost-per-user", {
    name: "Cost per user",
    description: "One of the 50 most active users costs more than $10 in 24 hours.",
    source: { ...measure("costUsd", { filter: "has:user", groupBy: "user" }), seriesLimit: 50 },
    condition: { kind: "threshold", warning: 10 },
    windowSeconds: DAY,
    everySeconds: 300,
  }),
  template("token-spike", {
    name: "Token spike",
    description: "More tokens than usual for this hour of the week, such as after a loop of an agent.",
    source: measure("totalTokens", { groupBy: "endpoint" }),
    condition: { kind: "change", direction: "up" },
    windowSeconds: 900,
    everySeconds: 900,
  }),
  template("score-drop", {
    name: "Score drop",
    description: "The mean of the score `helpful` is lower than usual. Enter the name of your score.",
    source: measure("score.helpful"),
    condition: { kind: "change", direction: "down", isSeasonal: false },
    windowSeconds: HOUR,
    everySeconds: HOUR,
  }),
  template("guard-rate", {
    name: "Guard findings",
    description: "Guards find something in more calls than usual.",
    source: measure("guardRate", { groupBy: "guardPolicy" }),
    condition: { kind: "change", direction: "up" },
  }),
  template("feedback-drop", {
    name: "Feedback drop",
    description: "The mean of the feedback `thumbs` of the last day is below 0.7. Enter the name of your feedback.",
    source: measure("score.thumbs"),
    condition: { kind: "threshold", direction: "below", warning: 0.7 },
    windowSeconds: DAY,
    everySeconds: 600,
  }),
  template("provider-down", {
    name: "Provider down",
    description: "At least half of the calls of a provider fail, for certain.",
    source: measure("errorRate", { filter: "kind:generation", groupBy: "provider" }),
    condition: { kind: "threshold", critical: 0.5 },
    windowSeconds: 120,
  }),
  template("no-traffic", {
    name: "No traffic",
    description: "No span has arrived for 15 minutes.",
    source: measure("count"),
    condition: { kind: "threshold", direction: "below", critical: 1, recovery: 1 },
    windowSeconds: 900,
    recoverAfterSeconds: 0,
  }),
  template("error-budget", {
    name: "Error budget",
    description: "The error budget of an objective of 99 % is used too fast, by the burn rates of the SRE workbook.",
    source: measure("errorRate", { filter: "kind:generation" }),
    condition: { kind: "burn", objective: 0.99 },
  }),
  template("budget", {
    name: "Weekly budget",
    description: "The last 7 days cost more than $250.",
    source: measure("costUsd"),
    condition: { kind: "threshold", warning: 200, critical: 250 },
    windowSeconds: 7 * DAY,
    everySeconds: 3_600,
  }),
];
