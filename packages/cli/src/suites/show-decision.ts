import type { Answer } from "@treadle/sdk";
import { counted, inChange, inDigits, inProbability, inRange } from "./number-words.ts";
import { markdownTable, textTable } from "./text-table.ts";

export type Decision = Answer<"POST /api/v1/gates/decide">;
type Row = Decision["scorers"][number];

/** The word that stands first, so that it says everything without a colour. */
export const OUTCOME_WORDS: Readonly<Record<Decision["outcome"], string>> = {
  pass: "PASS",
  regression: "REGRESSION",
  "below-floor": "BELOW THE FLOOR",
  inconclusive: "INCONCLUSIVE",
  "provider-errors": "PROVIDER ERRORS",
};
const MOST_ITEMS = 10;

/** A decision for a terminal. */
export function showDecision(decision: Decision): string {
  return [
    `${OUTCOME_WORDS[decision.outcome]}: ${decision.headline}`,
    ...decision.reasons.map((reason) => `  ${reason}`),
    "",
    `head  ${nameOf(decision.head)}`,
    ...(decision.base === null ? [] : [`base  ${nameOf(decision.base)}`]),
    "",
    textTable([HEAD, ...decision.scorers.map(cellsOf)]),
    ...notesOf(decision).map((note) => `\n${note}`),
  ].join("\n");
}

/** The comment of a pull request. The first line tells a later one where to write over it. */
export function writeMarkdown(decision: Decision, suite: string): string {
  return [
    `<!-- treadle-gate: ${suite.replace(/--/g, "- -")} -->`,
    `### ${SIGNS[decision.outcome]} ${OUTCOME_WORDS[decision.outcome]}: ${suite}`,
    "",
    decision.headline,
    ...(decision.reasons.length > 0 ? ["", ...decision.reasons.map((reason) => `- ${reason}`)] : []),
    "",
    markdownTable([HEAD, ...decision.scorers.map(cellsOf)]),
    "",
    `Head: ${nameOf(decision.head)}.${decision.base === null ? "" : ` Base: ${nameOf(decision.base)}.`}`,
    ...notesOf(decision).map((note) => `\n${note}`),
    "",
  ].join("\n");
}

const SIGNS: Readonly<Record<Decision["outcome"], string>> = {
  pass: "✅",
  regression: "❌",
  "below-floor": "❌",
  inconclusive: "❔",
  "provider-errors": "⚠️",
};

const HEAD = ["score", "base", "head", "difference", "p", "verdict", "items", "meaning"];

const cellsOf = (row: Row) => [
  row.name,
  inDigits(row.meanBase),
  inDigits(row.meanHead),
  `${inChange(row.difference)}${inRange(row.interval, inChange)}`,
  inProbability(row.pValue),
  row.verdict ?? "no base",
  String(row.items),
  row.reason,
];

const nameOf = ({ name, runId, source: { branch, commit } }: Decision["head"]) =>
  [name, runId, ...(branch === null ? [] : [branch]), ...(commit === null ? [] : [commit.slice(0, 12)])].join(" · ");

function notesOf({ flaky, quarantined, errors, answers, errorShare, moreItems, warnings }: Decision): string[] {
  return [
    ...(errors > 0
      ? [`${counted(errors, "provider error")} in ${counted(answers, "answer")} (${(errorShare * 100).toFixed(1)} %).`]
      : []),
    ...(moreItems === null ? [] : [`About ${counted(moreItems, "more item")} would decide the open scores.`]),
    ...(flaky.length > 0
      ? [
          `Flaky: ${named(flaky.map(({ itemId, share, answers: of }) => `${itemId} (${Math.round(share * of)} of ${of} answers disagree)`))}.`,
        ]
      : []),
    ...(quarantined.length > 0
      ? [`Quarantined, and left out: ${named(quarantined.map(({ itemId, reason }) => `${itemId} (${reason})`))}.`]
      : []),
    ...warnings,
  ];
}

function named(all: readonly string[]): string {
  const more = all.length - MOST_ITEMS;
  return more > 0 ? `${all.slice(0, MOST_ITEMS).join(", ")} and ${more} more` : all.join(", ");
}
