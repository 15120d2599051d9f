import type { HeadComparison, ModelEvaluation, Verdict } from "@treadle/contract";

/** What one set says. */
export type Part = { readonly name: string; readonly experimentId: string; readonly head: HeadComparison };

const WORDS: Readonly<Record<Verdict, NonNullable<ModelEvaluation["verdict"]>>> = {
  better: "better",
  worse: "worse",
  equivalent: "same",
  inconclusive: "unclear",
};

const mainOf = ({ head }: Part) => head.scorers[0];

/**
 * One verdict over all sets, each by its first scorer: worse as soon as one is, since a loss in one place is not made good by a gain in
 * another; else better when one is; the same when all are; unclear otherwise.
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

function scoresOf({ name, head }: Part): ModelEvaluation["scores"] {
  return head.scorers.flatMap((scorer) => {
    const { meanHead, meanBase, difference, interval, items, adjustedPValue } = scorer;
    if (meanHead === null) return [];
    const base = meanBase ?? null;
    // The interval is of the difference; beside the base it is one of what the version would have with the base as it was.
    const [low, high] =
      interval === null || base === null || difference === null
        ? [null, null]
        : [base + interval.low, base + interval.high];
    return [
      {
        name: `${name}, ${scorer.name}`.slice(0, 200),
        ...{ value: meanHead, low, high, baseline: base, pValue: adjustedPValue, items },
      },
    ];
  });
}

function summaryOf(named: Readonly<Record<"better" | "worse" | "same" | "unclear", readonly string[]>>): string {
  const sentences = [
    named.worse.length > 0 ? `Worse than its base on ${list(named.worse)}.` : "",
    named.better.length > 0 ? `Better than its base on ${list(named.better)}.` : "",
    named.same.length > 0 ? `No difference that matters on ${list(named.same)}.` : "",
    named.unclear.length > 0 ? `Undecided on ${list(named.unclear)}: more items would tell.` : "",
  ].filter(Boolean);
  return sentences.join(" ").slice(0, 2_000);
}

const list = (names: readonly string[]) => names.join(", ");
