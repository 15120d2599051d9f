import type { HeadComparison, ModelEvaluation, ScoreSummary, Verdict } from "@treadle/contract";

/** The result of one set: the comparison with the base, and the scores of the version alone. */
export type Part = {
  readonly name: string;
  readonly experimentId: string;
  readonly head: HeadComparison;
  readonly scores: readonly ScoreSummary[];
};

const WORDS: Readonly<Record<Verdict, NonNullable<ModelEvaluation["verdict"]>>> = {
  better: "better",
  worse: "worse",
  equivalent: "same",
  inconclusive: "unclear",
};

const mainOf = ({ head }: Part) => head.scorers[0];

/**
 * One verdict over all sets, each by its first scorer. Worse if any set is worse, since a gain elsewhere does not
 * compensate it; otherwise better if any is better; the same if all are the same; otherwise unclear.
 */
export function concludeEvaluation(parts: readonly Part[]): ModelEvaluation {
  const verdicts = parts.map((part) => mainOf(part)?.verdict ?? "inconclusive");
  const of = (verdict: Verdict) => parts.filter((_, at) => verdicts[at] === verdict).map(({ name }) => name);
  const verdict: Verdict = verdicts.includes("worse")
    ? "worse"
    : verdicts.includes("better")
      ? "better"
      : verdicts.length > 0 && verdicts.every((one) => one === "equivalent")
        ? "equivalent"
        : "inconclusive";
  return {
    verdict: WORDS[verdict],
    summary: summaryOf({
      better: of("better"),
      worse: of("worse"),
      same: of("equivalent"),
      unclear: of("inconclusive"),
    }),
    experimentId: parts[0]?.experimentId ?? null,
    scores: parts.flatMap(scoresOf),
  };
}

function scoresOf({ name, head, scores }: Part): ModelEvaluation["scores"] {
  return head.scorers.flatMap((scorer) => {
    const { meanHead, meanBase, difference, interval, items, adjustedPValue } = scorer;
    if (meanHead === null) return [];
    const alone = scores.find((score) => score.scorer === scorer.scorer);
    // The comparison leaves out items that only one of the two answered; the interval must be of the value that is shown.
    const own = alone?.value === null || alone === undefined || alone.items !== items ? null : alone;
    return [
      {
        name: `${name}, ${scorer.name}`.slice(0, 200),
        value: own?.value ?? meanHead,
        low: own?.interval?.low ?? null,
        high: own?.interval?.high ?? null,
        baseline: meanBase,
        difference:
          difference === null ? null : { value: difference, low: interval?.low ?? null, high: interval?.high ?? null },
        pValue: adjustedPValue,
        items,
      },
    ];
  });
}

function summaryOf(named: Readonly<Record<"better" | "worse" | "same" | "unclear", readonly string[]>>): string {
  const sentences = [
    named.worse.length > 0 ? `Worse than its base on ${list(named.worse)}.` : "",
    named.better.length > 0 ? `Better than its base on ${list(named.better)}.` : "",
    named.same.length > 0 ? `No meaningful difference on ${list(named.same)}.` : "",
    named.unclear.length > 0 ? `Undecided on ${list(named.unclear)}: more items are needed.` : "",
  ].filter(Boolean);
  return sentences.join(" ").slice(0, 2_000);
}

const list = (names: readonly string[]) => names.join(", ");
