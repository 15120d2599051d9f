import type { HeadComparison, Run, RunItem, ScorerComparison, ScoreSummary } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";

/** The content of a report. */
export type Report = {
  readonly run: Run;
  readonly comparison: HeadComparison | null;
  readonly baseName: string | null;
  /** Regressions, or without a base the items with the lowest main score, worst first. */
  readonly worst: readonly RunItem[];
};

export const number = (value: number | null, digits = 4): string =>
  value === null ? "–" : String(Number(value.toPrecision(digits)));

export const band = (interval: ScoreSummary["interval"]): string =>
  interval === null ? "–" : `${number(interval.low)} to ${number(interval.high)}`;

export const facts = ({ run }: Report): readonly (readonly [name: string, value: string])[] => [
  ["Model", run.variant?.model ?? "–"],
  ["Prompt", run.variant?.prompt ? `${run.variant.prompt.name}, version ${run.variant.prompt.version}` : "–"],
  ["Answers", `${run.answers}${run.errors > 0 ? `, including ${countOf(run.errors, "provider error")}` : ""}`],
  ...scoringFacts(run),
  ["Cost", run.costUsd === null ? "not known" : `${number(run.costUsd)} US dollars`],
  [
    "Latency",
    run.latencyP50Ms === null
      ? "–"
      : `${number(run.latencyP50Ms, 3)} ms median, ${number(run.latencyP95Ms, 3)} ms at the 95th percentile`,
  ],
  ["Tokens", `${run.inputTokens} input, ${run.outputTokens} output`],
  ["Made", `${run.createdAt} by ${run.createdBy}`],
];

/** For an uploaded run whose scorers called models, or had to stop. */
function scoringFacts({ scoring }: Run): (readonly [name: string, value: string])[] {
  if (!scoring || (scoring.spent.calls === 0 && scoring.stopped === "finished")) return [];
  const { calls, usd, unpricedCalls } = scoring.spent;
  const cost = unpricedCalls > 0 ? "at an unknown price" : `${number(usd)} US dollars`;
  const end =
    scoring.stopped === "finished" || scoring.stopped === null
      ? ""
      : "; not all answers are scored, because the budget was used up";
  return [["Scoring", `${countOf(calls, "judge call")}, ${cost}${end}`]];
}

export const scoreColumns = ["Score", "Value", "95 % interval", "Items", "Undefined", "Failed"] as const;
export const scoreCells = (summary: ScoreSummary): string[] => [
  summary.scorer,
  number(summary.value),
  band(summary.interval),
  String(summary.items),
  String(summary.undefined),
  String(summary.failed),
];

export const differenceColumns = [
  "Score",
  "Base",
  "This run",
  "Difference",
  "Interval",
  "p, corrected",
  "Test",
  "Items",
  "Detectable",
  "Verdict",
] as const;
export const differenceCells = (row: ScorerComparison): string[] => [
  row.name,
  number(row.meanBase),
  number(row.meanHead),
  number(row.difference),
  band(row.interval),
  number(row.adjustedPValue, 2),
  row.test || "–",
  String(row.items),
  row.minimumDetectableEffect === null ? "–" : `±${number(row.minimumDetectableEffect, 2)}`,
  row.verdict,
];

export const itemColumns = ["Item", "Change", "Expected", "Output"] as const;
export function itemCells({ itemId, change, expected, results, values }: RunItem): string[] {
  const [main] = Object.values(values);
  const text = typeof expected === "string" ? expected : JSON.stringify(expected);
  return [itemId, number(change ?? main ?? null), short(text), short(results[0]?.output ?? "")];
}

const MOST = 160;
const short = (text: string) => (text.length > MOST ? `${text.slice(0, MOST).toWellFormed()}…` : text);
