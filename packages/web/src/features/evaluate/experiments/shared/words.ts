import { formatDuration, formatMoney } from "../../../../components/text/format.ts";
import { formatValue, isShare } from "../../scorers/index.ts";
import type { Experiment, Run } from "./use-experiments.ts";

export type Output = Run["scorers"][number]["output"];
export type Summary = Run["scores"][number];
type Interval = Summary["interval"];

/** The main score of an experiment: the score of its first scorer. */
export function mainScore(run: Run): { output: Output; name: string; summary: Summary | undefined } | undefined {
  const [scorer] = run.scorers;
  if (!scorer) return undefined;
  return { output: scorer.output, name: scorer.name, summary: run.scores.find((one) => one.scorer === scorer.key) };
}

/** The run with the best main score so far; the first run if none has a score. */
export function bestRun({ runs }: Pick<Experiment, "runs">): Run | undefined {
  const worth = (run: Run) => {
    const main = mainScore(run);
    const value = main?.summary?.value ?? null;
    return value === null ? Number.NEGATIVE_INFINITY : main?.output.direction === "lower" ? -value : value;
  };
  return runs.toSorted((first, second) => worth(second) - worth(first))[0];
}

/** Whether another run ties with the best one. */
export function isTied({ best, points }: { best: string | null; points: readonly FrontierScore[] }): boolean {
  const top = points.find(({ run }) => run.runId === best);
  return top !== undefined && points.filter(({ quality }) => quality === top.quality).length > 1;
}
type FrontierScore = { readonly run: { readonly runId: string }; readonly quality: number | null };

/** The run that the others are compared with: the chosen one, or else the first. */
export const baselineOf = ({ runs, baseline }: Pick<Experiment, "runs" | "baseline">): Run | undefined =>
  runs.find(({ runId }) => runId === baseline) ?? runs[0];

/** `[81.2%, 89.0%]`, or empty without an interval. */
export function intervalWords(interval: Interval, output: Output): string {
  if (!interval) return "";
  return `[${formatValue(interval.low, output)}, ${formatValue(interval.high, output)}]`;
}

type Unit = Pick<Output, "type" | "min" | "max" | "unit">;

/** A signed difference. The difference of two shares is in percentage points, not percent. */
export function differenceWords(value: number | null, output: Unit): string {
  if (value === null) return "–";
  const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
  const size = Math.abs(value);
  if (isShare(output)) return `${sign}${(size * 100).toFixed(1)} pp`;
  if (output.unit === "usd") return `${sign}${formatMoney(size)}`;
  if (output.unit === "ms") return `${sign}${formatDuration(size)}`;
  return `${sign}${formatValue(size, output)}`;
}

/** The interval of a difference, or empty without one. */
export const differenceRange = (interval: Interval, output: Unit): string =>
  interval === null ? "" : `[${differenceWords(interval.low, output)}, ${differenceWords(interval.high, output)}]`;

/** A formatted probability; never zero. */
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
  finished: "All items were answered.",
  precision: "Stopped early because the target precision was reached.",
  "budget-usd": "Stopped because the budget in USD was used up.",
  "budget-tokens": "Stopped because the token budget was used up.",
  "price-unknown": "Stopped because a model has no known price, so the budget cannot be checked.",
};

export const stopWords = (stopped: Experiment["stopped"]): string => (stopped === null ? "" : STOPS[stopped]);

/** The units of cost and time in comparisons. */
export const COST: Unit = { type: "number", min: 0, max: null, unit: "usd" };
export const LATENCY: Unit = { type: "number", min: 0, max: null, unit: "ms" };
