import { formatDuration, formatMoney } from "../../components/format.ts";
import { formatValue, isShare } from "../scorers/index.ts";
import type { Experiment, Run } from "./use-experiments.ts";

export type Output = Run["scorers"][number]["output"];
export type Summary = Run["scores"][number];
type Interval = Summary["interval"];

/** The score that an experiment is mainly about: that of its first scorer. */
export function mainScore(run: Run): { output: Output; name: string; summary: Summary | undefined } | undefined {
  const [scorer] = run.scorers;
  if (!scorer) return undefined;
  return { output: scorer.output, name: scorer.name, summary: run.scores.find((one) => one.scorer === scorer.key) };
}

/** The run whose main score is best so far; the first one when none has any. */
export function bestRun({ runs }: Pick<Experiment, "runs">): Run | undefined {
  const worth = (run: Run) => {
    const main = mainScore(run);
    const value = main?.summary?.value ?? null;
    return value === null ? Number.NEGATIVE_INFINITY : main?.output.direction === "lower" ? -value : value;
  };
  return runs.toSorted((first, second) => worth(second) - worth(first))[0];
}

/** The run that the others are measured against: the one that was chosen, else the first. */
export const baselineOf = ({ runs, baseline }: Pick<Experiment, "runs" | "baseline">): Run | undefined =>
  runs.find(({ runId }) => runId === baseline) ?? runs[0];

/** `[81.2%, 89.0%]`, or nothing without an interval. */
export function intervalWords(interval: Interval, output: Output): string {
  if (!interval) return "";
  return `[${formatValue(interval.low, output)}, ${formatValue(interval.high, output)}]`;
}

type Unit = Pick<Output, "type" | "min" | "max" | "unit">;

/** A difference with its sign. That of two shares is in percentage points, which are no percent. */
export function differenceWords(value: number | null, output: Unit): string {
  if (value === null) return "–";
  const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
  const size = Math.abs(value);
  if (isShare(output)) return `${sign}${(size * 100).toFixed(1)} pp`;
  if (output.unit === "usd") return `${sign}${formatMoney(size)}`;
  if (output.unit === "ms") return `${sign}${formatDuration(size)}`;
  return `${sign}${formatValue(size, output)}`;
}

/** The interval of a difference, or nothing without one. */
export const differenceRange = (interval: Interval, output: Unit): string =>
  interval === null ? "" : `[${differenceWords(interval.low, output)}, ${differenceWords(interval.high, output)}]`;

/** A probability as it is usually written; never zero. */
export function pWords(p: number | null): string {
  if (p === null) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

const TEST_WORDS: Readonly<Record<string, string>> = {
  "mcnemar-exact": "McNemar, exact",
  "sign-flip": "paired permutation",
  wilcoxon: "Wilcoxon",
  "paired-bootstrap": "paired bootstrap",
};

export const testWords = (test: string): string => TEST_WORDS[test] ?? test;

const STOPS: Readonly<Record<NonNullable<Experiment["stopped"]>, string>> = {
  finished: "Every item was answered.",
  precision: "It stopped early: the interval is as narrow as was wanted.",
  "budget-usd": "It stopped because the budget in dollars was used up.",
  "budget-tokens": "It stopped because the budget in tokens was used up.",
  "price-unknown": "It stopped because a model has no known price, so that its budget could not be kept.",
};

export const stopWords = (stopped: Experiment["stopped"]): string => (stopped === null ? "" : STOPS[stopped]);

/** Units of what is paired beside the scores. */
export const COST: Unit = { type: "number", min: 0, max: null, unit: "usd" };
export const LATENCY: Unit = { type: "number", min: 0, max: null, unit: "ms" };
