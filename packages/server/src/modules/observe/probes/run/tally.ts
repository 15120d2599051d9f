import type { AppError } from "../../../../kernel/errors.ts";
import type { ModelAnswer } from "../stores/deps.ts";

/** Why not all calls were made. */
export type Stop = "budget" | "failing" | "reasoning";
export type Pass = {
  /** Answers of the run, with those before a restart. */
  readonly answers: number;
  readonly failures: number;
  readonly costUsd: number;
  readonly stop: Stop | null;
  readonly error: string;
};
type Counted = {
  readonly budget: { readonly limit: number; readonly spent: number };
  readonly report: (done: number, total: number) => void;
};
type Begun = { readonly most: number; readonly answers: number; readonly total: number };

/** So many failures in a row end the pass. The next one comes some minutes later. */
const MOST_FAILURES = 8;

/** Counts the calls of a pass, and decides whether there may be another. */
export function createTally({ budget, report }: Counted, begun: Begun) {
  let { most, answers } = begun;
  let [spent, running, inRow] = [0, 0, 0];
  const failed = { failures: 0, error: "" };
  let stop: Stop | null = null;
  const fail = (error: AppError): void => {
    failed.failures++;
    // The first error names the cause. After several, the circuit breaker rejects the calls.
    failed.error ||= error.message;
    if (++inRow >= MOST_FAILURES || error.code === "not_found") stop ??= "failing";
  };
  const succeed = ({ costUsd, isReasoned }: ModelAnswer): void => {
    inRow = 0;
    spent += costUsd ?? 0;
    most = Math.max(most, costUsd ?? 0);
    if (isReasoned) stop = "reasoning";
    else report(++answers, begun.total);
  };
  /** The calls that run are assumed to cost as much as the most expensive call so far. */
  const mayCall = (): boolean => {
    if (budget.spent + spent + (running + 1) * most > budget.limit) stop ??= "budget";
    return stop === null;
  };
  return {
    mayCall,
    ...countingRuns({ succeed, fail, move: (by) => (running += by) }),
    result: (before: number): Pass => ({ answers, costUsd: before + spent, stop, ...failed }),
  };
}
export type Tally = ReturnType<typeof createTally>;

type Steps = {
  readonly succeed: (answer: ModelAnswer) => void;
  readonly fail: (error: AppError) => void;
  readonly move: (by: number) => void;
};

const countingRuns = ({ succeed, fail, move }: Steps) => ({
  begin: () => move(1),
  succeed(answer: ModelAnswer): void {
    move(-1);
    succeed(answer);
  },
  /** A call for log-probabilities may fail because the provider has none. */
  fail(error: AppError, isOptional: boolean): void {
    move(-1);
    if (!isOptional) fail(error);
  },
});
