import type { Decision, Evaluation, RunItem } from "./evaluation.ts";

type Shown = Pick<Evaluation, "outcome" | "hasPassed" | "run" | "decision" | "worst">;
type Row = Decision["scorers"][number];
type Range = Row["interval"];

const WORDS: Readonly<Record<Evaluation["outcome"], string>> = {
  pass: "PASS",
  regression: "REGRESSION",
  "below-floor": "BELOW THE FLOOR",
  inconclusive: "INCONCLUSIVE",
  "provider-errors": "PROVIDER ERRORS",
};
const HEAD = ["score", "value", "items", "floor", "base", "difference", "outcome"];
const MOST_TEXT = 80;

/** An evaluation for a terminal: the outcome, a row for each score with its interval and how many items it is of, and the worst items. */
export function showEvaluation({ outcome, hasPassed, run, decision, worst }: Shown): string {
  const isLetThrough = outcome === "inconclusive" && hasPassed;
  return [
    `${run.name}: ${WORDS[outcome]}${isLetThrough ? ", counts as passed" : ""}`,
    ...decision.reasons.map((reason) => `  ${reason}`),
    ...(decision.moreItems === null ? [] : [`  About ${decision.moreItems} more items would decide it.`]),
    "",
    ...tableOf([
      HEAD,
      ...run.scores.map((score) =>
        cellsOf(
          score,
          decision.scorers.find((row) => row.scorer === score.scorer),
        ),
      ),
    ]),
    ...countsOf(run),
    ...(hasPassed || worst.length === 0 ? [] : ["", "The worst items:", ...worst.flatMap(linesOf)]),
    "",
    `run ${run.runId}${decision.base === null ? "" : `, compared with ${decision.base.runId}`}`,
  ].join("\n");
}

type Summary = Evaluation["run"]["scores"][number];

function cellsOf(score: Summary, row: Row | undefined): string[] {
  const without = [
    ...(score.undefined > 0 ? [`${score.undefined} without`] : []),
    ...(score.failed > 0 ? [`${score.failed} failed`] : []),
  ];
  return [
    score.scorer,
    `${inDigits(score.value)}${inRange(row?.headInterval ?? score.interval)}`,
    [String(score.items), ...without].join(", "),
    inDigits(row?.floor ?? null),
    inDigits(row?.meanBase ?? null),
    `${inDigits(row?.difference ?? null)}${inRange(row?.interval ?? null)}`,
    row ? WORDS[row.outcome].toLowerCase() : "only measured",
  ];
}

const countsOf = ({ answers, errors }: Shown["run"]) =>
  errors > 0 ? ["", `${errors} of ${answers} answers are missing and were not scored.`] : [];

function linesOf({ itemId, inputs, expected, values, results }: RunItem): string[] {
  const [first] = results;
  const scores = Object.entries(values).map(([scorer, value]) => `${scorer} ${inDigits(value)}`);
  const answerText = first?.error ? `error ${first.error.code}: ${first.error.message}` : (first?.output ?? "");
  const reason = first?.scores.find((score) => score.reason !== "")?.reason;
  return [
    `  ${itemId}  ${first?.error ? "no answer" : scores.join(", ")}`,
    `    in        ${brief(inputs)}`,
    `    out       ${brief(answerText)}`,
    ...(expected === null ? [] : [`    expected  ${brief(expected)}`]),
    ...(reason === undefined ? [] : [`    because   ${brief(reason)}`]),
  ];
}

function brief(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).replace(/\s+/g, " ");
  const characters = [...text];
  return characters.length > MOST_TEXT ? `${characters.slice(0, MOST_TEXT).join("")}…` : text;
}

/** A dash where there is no value, which is never 0. */
const inDigits = (value: number | null) => (value === null ? "–" : String(Number(value.toPrecision(3))));
const inRange = (range: Range) => (range === null ? "" : ` [${inDigits(range.low)}, ${inDigits(range.high)}]`);

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? "")].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length))
      .join("  ")
      .trimEnd(),
  );
}
