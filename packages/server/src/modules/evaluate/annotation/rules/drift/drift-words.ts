import type { DriftColumn, DriftFinding, DriftTrigger } from "@treadle/contract";

type Shown = Pick<DriftFinding, "column" | "test" | "change" | "adjustedP">;

const CHANGE_NAMES = { mmd: "MMD²", ks: "PSI above noise", psi: "PSI above noise" } as const;

function nameOf(column: DriftColumn): string {
  switch (column.of) {
    case "question":
      return "the questions";
    case "answer":
      return "the answers";
    case "length":
      return "the length of answers";
    case "score":
      return `the score ${column.score}`;
    case "category":
      return column.by;
    default:
      return column satisfies never;
  }
}

/** The reason for a span: the drifted column, its significance, and the span's rank among the most different ones. */
export function reasonOf(
  finding: Shown,
  { share, referenceDays }: { share: number } & Pick<DriftTrigger, "referenceDays">,
) {
  const { column, test, change, adjustedP } = finding;
  const measured = `${CHANGE_NAMES[test]} ${(change ?? 0).toPrecision(2)}, p = ${(adjustedP ?? 1).toPrecision(2)} by Holm`;
  const days = referenceDays === 1 ? "day" : `${referenceDays} days`;
  const percent = Math.max(1, Math.ceil(share * 100));
  return `drift of ${nameOf(column)} (${measured}): in the ${percent} % of the window's sample that differ most from the ${days} before`;
}
