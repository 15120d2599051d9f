import type { DriftColumn, DriftFinding, DriftReport } from "@treadle/contract";
import { formatNumberOf } from "../../components/format.ts";

export const OUTCOME_LOOKS = {
  drift: { word: "drifted", look: "text-warn" },
  steady: { word: "no drift shown", look: "text-muted" },
  "too-little": { word: "cannot be told", look: "text-muted" },
} as const;

/** A column in a word or two. */
export function columnWords(column: DriftColumn): string {
  switch (column.of) {
    case "question":
      return "What was asked";
    case "answer":
      return "What was answered";
    case "length":
      return "Length of answers";
    case "score":
      return column.score;
    case "category":
      return column.by;
    default:
      return column satisfies never;
  }
}

/** How much more is needed to tell whether a column has drifted. */
export function wordsOfLack({ lacks }: Pick<DriftFinding, "lacks">): string {
  const parts = [
    lacks.window > 0 && `${formatNumberOf(lacks.window, "more conversation")} in the window`,
    lacks.reference > 0 && `${formatNumberOf(lacks.reference, "more", "more")} in the days before`,
  ].filter(Boolean);
  return parts.length === 0 ? "All values are the same" : `Needs ${parts.join(" and ")}`;
}

/** A look in a sentence. */
export function describeLook({
  outcome,
  findings,
  taken,
}: Pick<DriftReport, "outcome" | "findings" | "taken">): string {
  if (outcome === "steady") return "No drift is shown, which does not show that there is none.";
  if (outcome === "too-little") {
    const [first] = findings;
    return first ? `Nothing can be told. ${wordsOfLack(first)}.` : "Nothing can be told.";
  }
  const names = findings
    .filter((one) => one.outcome === "drift")
    .map(({ column }) => columnWords(column).toLowerCase());
  return `Drifted: ${names.join(", ")}; ${formatNumberOf(taken, "span")} most unlike before.`;
}
