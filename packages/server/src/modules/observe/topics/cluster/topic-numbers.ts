import type { Topic, TopicGrowth } from "@treadle/contract";
import { benjaminiHochberg, fisherExact, newcombeInterval } from "@treadle/metrics";
import { DAY_MS } from "../../../../kernel/day.ts";

/** What is known of each trace, in the order of the texts. */
export type TraceFacts = {
  readonly atMs: number;
  readonly isError: boolean;
  readonly costUsd: number | null;
  readonly durationMs: number;
  readonly feedback: number | null;
};
export type TopicNumbers = Pick<
  Topic,
  "share" | "days" | "errorRate" | "costUsd" | "durationP50Ms" | "durationP95Ms" | "feedback" | "feedbackCount"
>;

export type Period = { readonly fromMs: number; readonly toMs: number };
const SIGNIFICANT = 0.05;

/** The traces of each day of a period (UTC). */
export function countDays(facts: readonly TraceFacts[], { fromMs, toMs }: Period): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  for (let day = Math.floor(fromMs / DAY_MS); day * DAY_MS < toMs; day++) days.set(dayOf(day * DAY_MS), 0);
  for (const { atMs } of facts) days.set(dayOf(atMs), (days.get(dayOf(atMs)) ?? 0) + 1);
  return days;
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

type Whole = {
  readonly facts: readonly TraceFacts[];
  readonly days: ReadonlyMap<string, number>;
  readonly period: Period;
};

export function numbersOf(rows: readonly number[], { facts, days, period }: Whole): TopicNumbers {
  const own = rows.flatMap((row) => facts[row] ?? []);
  const ownDays = countDays(own, period);
  const durations = own.map(({ durationMs }) => durationMs).sort((one, two) => one - two);
  const costs = own.flatMap(({ costUsd }) => costUsd ?? []);
  const feedback = own.flatMap((one) => one.feedback ?? []);
  return {
    share: facts.length === 0 ? 0 : own.length / facts.length,
    days: [...days].map(([day, all]) => {
      const traces = ownDays.get(day) ?? 0;
      return { day, traces, share: all === 0 ? null : traces / all };
    }),
    errorRate: own.length === 0 ? 0 : own.filter(({ isError }) => isError).length / own.length,
    costUsd: meanOf(costs),
    durationP50Ms: quantile(durations, 0.5),
    durationP95Ms: quantile(durations, 0.95),
    feedback: meanOf(feedback),
    feedbackCount: feedback.length,
  };
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;

/**
 * The change of each topic's share between the first and the second half of the period, with its interval. A topic grows only if
 * this is unlikely to be noise after Benjamini and Hochberg over all topics. Null without traces in the first half.
 */
export function growthOf(
  groups: readonly (readonly number[])[],
  facts: readonly TraceFacts[],
  { fromMs, toMs }: Period,
): (TopicGrowth | null)[] {
  const middle = (fromMs + toMs) / 2;
  const isLate = facts.map(({ atMs }) => atMs >= middle);
  const late = isLate.filter(Boolean).length;
  const early = facts.length - late;
  if (early === 0 || late === 0) return groups.map(() => null);
  const changes = groups.map((rows) => {
    const successes = rows.filter((row) => isLate[row]).length;
    const head = { successes, n: late };
    const base = { successes: rows.length - successes, n: early };
    return { head, base, interval: newcombeInterval({ base, head }), pValue: fisherExact(base, head) };
  });
  const pValues = benjaminiHochberg(changes.map(({ pValue }) => pValue));
  return changes.map(({ head, base, interval }, place) => {
    const difference = head.successes / head.n - base.successes / base.n;
    const [lower, upper] = interval ?? [-1, 1];
    const pValue = pValues[place] ?? 1;
    const isClear = pValue <= SIGNIFICANT && (lower > 0 || upper < 0);
    return { difference, lower, upper, pValue, verdict: isClear ? direction(difference) : "inconclusive" };
  });
}

const direction = (difference: number) => (difference > 0 ? "growing" : "shrinking");
