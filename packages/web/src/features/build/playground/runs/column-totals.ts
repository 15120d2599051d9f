import type { Run } from "./run-chat.ts";

/** What the answers of a column come to. Costs in US dollars, times in milliseconds. */
type Totals = {
  readonly done: number;
  readonly failed: number;
  /** Answers that were checked against a schema, and those that broke it. */
  readonly checked: number;
  readonly invalid: number;
  /** Null while no answer has a price. */
  readonly costUsd: number | null;
  /** Answers whose price is not known, or not yet. */
  readonly unpriced: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The middle of the durations; null when nothing has ended. */
  readonly medianMs: number | null;
};

/** Sums the answers that are done; what still runs is left out. */
export function totalsOf(runs: readonly (Run | undefined)[]): Totals {
  const done = runs.filter((run) => run?.state === "done");
  const priced = done.flatMap((run) => (typeof run?.costUsd === "number" ? [run.costUsd] : []));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    done: done.length,
    failed: runs.filter((run) => run?.state === "failed").length,
    checked: done.filter((run) => run?.problems !== undefined).length,
    invalid: done.filter((run) => run?.problems !== undefined && run.problems.length > 0).length,
    costUsd: priced.length === 0 ? null : sum(priced),
    unpriced: done.length - priced.length,
    inputTokens: sum(done.map((run) => run?.inputTokens ?? 0)),
    outputTokens: sum(done.map((run) => run?.outputTokens ?? 0)),
    medianMs: median(done.flatMap((run) => (run?.durationMs === undefined ? [] : [run.durationMs]))),
  };
}

function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [upper, lower] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle) - 1]];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
