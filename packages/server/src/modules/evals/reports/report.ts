import type { HeadComparison, Run, RunItem, ScorerComparison, ScoreSummary } from "@treadle/contract";

/** Everything that a report tells. */
export type Report = {
  readonly run: Run;
  readonly comparison: HeadComparison | null;
  readonly baseName: string | null;
  /** Those that got worse, or without a base those with the lowest main score; the worst first. */
  readonly worst: readonly RunItem[];
};

export const number = (value: number | null, digits = 4): string =>
  value === null ? "–" : String(Number(value.toPrecision(digits)));

export const band = (interval: ScoreSummary["interval"]): string =>
  interval === null ? "–" : `${number(interval.low)} to ${number(interval.high)}`;

export const facts = ({ run }: Report): readonly (readonly [name: string, value: string])[] => [
  ["Model", run.variant?.model ?? "–"],
  ["Prompt", run.variant?.prompt ? `${run.variant.prompt.name}, version ${run.variant.prompt.version}` : "–"],
  ["Answers", `${run.answers}${run.errors > 0 ? `, ${run.errors} of them errors of the provider` : ""}`],
  ...scoringFacts(run),
  ["Cost", run.costUsd === null ? "not known" : `${number(run.costUsd)} US dollars`],
  [
    "Latency",
    run.latencyP50Ms === null
      ? "–"
      : `${number(run.latencyP50Ms, 3)} ms in the median, ${number(run.latencyP95Ms, 3)} ms at 95 %`,
  ],
  ["Tokens", `${run.inputTokens} read, ${run.outputTokens} written`],
  ["Made", `${run.createdAt} by ${run.createdBy}`],
];

/** Of an uploaded run whose scorers asked models, or could not ask on. */
function scoringFacts({ scoring }: Run): (readonly [name: string, value: string])[] {
  if (!scoring || (scoring.spent.calls === 0 && scoring.stopped === "finished")) return [];
  const { calls, usd, unpricedCalls } = scoring.spent;
  const cost = unpricedCalls > 0 ? "at a price that is not known" : `${number(usd)} US dollars`;
  const end =
    scoring.stopped === "finished" || scoring.stopped === null ? "" : "; not all answers are scored, the budget ended";
  return [["Scoring", `${calls} answers of judges, ${cost}${end}`]];
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
