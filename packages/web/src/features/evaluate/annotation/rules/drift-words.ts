import type { DriftColumn, DriftFinding, DriftReport } from "@treadle/contract";
import { formatNumberOf } from "../../../../components/text/format.ts";

export const OUTCOME_LOOKS = {
  drift: { word: "drifted", look: "text-warn" },
  steady: { word: "no drift detected", look: "text-muted" },
  "too-little": { word: "not enough data", look: "text-muted" },
} as const;

/** The name of a column. */
export function columnWords(column: DriftColumn): string {
  switch (column.of) {
    case "question":
      return "Questions";
    case "answer":
      return "Answers";
    case "length":
      return "Answer length";
    case "score":
      return column.score;
    case "category":
      return column.by;
    default:
      return column satisfies never;
  }
}

/** How much more data a column needs for a test. */
export function wordsOfLack({ lacks }: Pick<DriftFinding, "lacks">): string {
  const parts = [
    lacks.window > 0 && `${formatNumberOf(lacks.window, "more conversation")} in the window`,
    lacks.reference > 0 && `${formatNumberOf(lacks.reference, "more", "more")} in the days before`,
  ].filter(Boolean);
  return parts.length === 0 ? "All values are equal" : `Needs ${parts.join(" and ")}`;
}

/** The result of a test in one sentence. */
export function describeLook({
  outcome,
  findings,
  taken,
}: Pick<DriftReport, "outcome" | "findings" | "taken">): string {
  if (outcome === "steady") return "No drift detected. This does not prove that there is none.";
  if (outcome === "too-little") {
    const [first] = findings;
    return first ? `Not enough data. ${wordsOfLack(first)}.` : "Not enough data.";
  }
  const names = findings
    .filter((one) => one.outcome === "drift")
    .map(({ column }) => columnWords(column).toLowerCase());
  return `Drift in ${names.join(", ")}. Selected the ${formatNumberOf(taken, "most unusual span")}.`;
}
