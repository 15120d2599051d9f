import type { Judged } from "@treadle/contract";
import type { OpenedKind } from "./open-kind.ts";

/** One score of many samples. Undefined and failed scores are counted separately. */
export type Aggregate = {
  /** Null if there is none, for example for no samples. */
  readonly value: number | null;
  /** How many samples have a score. */
  readonly n: number;
  readonly undefinedCount: number;
  readonly failedCount: number;
  readonly details: Readonly<Record<string, unknown>> | null;
};

/** The mean, or for a corpus metric what its kind computes from the sums of all statistics. */
export function aggregateJudged({ kind, params }: OpenedKind, judged: readonly Judged[]): Aggregate {
  const values = judged.filter(({ state }) => state === "scored");
  const countOf = (state: Judged["state"]) => judged.filter((one) => one.state === state).length;
  const counts = { n: values.length, undefinedCount: countOf("undefined"), failedCount: countOf("failed") };
  if (values.length === 0) return { value: null, ...counts, details: null };
  const fromStats = kind.fromStats?.(params);
  return {
    value: fromStats ? fromStats(sumStats(values)) : mean(values.flatMap(({ value }) => value ?? [])),
    ...counts,
    details: kind.describe?.(params, values) ?? null,
  };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function sumStats(judged: readonly Judged[]): number[] {
  const sums: number[] = [];
  for (const { stats = [] } of judged)
    stats.forEach((value, at) => {
      sums[at] = (sums[at] ?? 0) + value;
    });
  return sums;
}
