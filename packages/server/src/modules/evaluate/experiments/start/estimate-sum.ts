import type { ExperimentEstimate, ExperimentInput } from "@treadle/contract";
import type { JudgeLine } from "./estimate-judges.ts";

/** The usage of one variant's answers. */
export type VariantLine = ExperimentEstimate["variants"][number] & {
  readonly seconds: number | null;
  readonly isFromHistory: boolean;
};
type Sum = {
  readonly input: ExperimentInput;
  readonly items: number;
  readonly lines: readonly VariantLine[];
  readonly judges: readonly JudgeLine[];
  readonly warnings: readonly string[];
};

/** Adds up what answers and judges take. A sum of money with a part that is not known is not known. */
export function sumEstimate({ input, items, lines, judges, warnings }: Sum): ExperimentEstimate {
  const add = <Line>(of: readonly Line[], pick: (line: Line) => number) => of.reduce((sum, one) => sum + pick(one), 0);
  const money = (of: readonly { readonly usd: number | null }[]) =>
    of.every(({ usd }) => usd !== null) ? add(of, ({ usd }) => usd ?? 0) : null;
  const [answersUsd, judgesUsd] = [money(lines), money(judges)];
  const usd = answersUsd === null || judgesUsd === null ? null : answersUsd + judgesUsd;
  const isTimed = lines.every(({ seconds }) => seconds !== null);
  const inputTokens = add(lines, (line) => line.inputTokens) + add(judges, (line) => line.inputTokens);
  const outputTokens = add(lines, (line) => line.outputTokens) + add(judges, (line) => line.outputTokens);
  const isWithinTokens = inputTokens + outputTokens <= input.budget.tokens;
  const isWithinUsd = input.budget.usd === null ? true : usd === null ? null : usd <= input.budget.usd;
  return {
    items,
    answers: items * input.repeats * lines.length,
    judgeCalls: add(judges, ({ calls }) => calls),
    leastJudgeCalls: add(judges, ({ leastCalls }) => leastCalls),
    inputTokens,
    outputTokens,
    usd,
    answersUsd,
    judgesUsd,
    seconds: isTimed ? add(lines, ({ seconds }) => seconds ?? 0) / input.concurrency : null,
    variants: lines.map(({ seconds: _, isFromHistory: __, ...line }) => line),
    judges: judges.map(({ problem: _, ...line }) => line),
    isWithinBudget: isWithinTokens ? isWithinUsd : false,
    basis: lines.every(({ isFromHistory }) => isFromHistory)
      ? "Based on earlier answers of the same models and the length of a sample of the requests."
      : "Based on the length of a sample of the requests. For models without earlier answers, the output length is a guess.",
    warnings: [
      ...warnings,
      ...judgeWarnings(judges),
      ...(isWithinTokens ? [] : ["The experiment would exceed the token budget and stop before its end."]),
      ...(isWithinUsd === null ? [STOPS_WITHOUT_PRICE] : []),
      ...(isWithinUsd === false ? ["The experiment would exceed the cost budget and stop before its end."] : []),
    ],
  };
}

const STOPS_WITHOUT_PRICE =
  "The cost budget stops the experiment at the first call without a price. Set the missing price, or remove the cost budget.";

/** The unknown parts of the judges' usage, where the sum uses the maximum. */
export function judgeWarnings(judges: readonly JudgeLine[]): string[] {
  const unpriced = [
    ...new Set(judges.filter(({ usd, problem }) => usd === null && !problem).map(({ model }) => model)),
  ];
  const ranges = judges.filter(({ calls, leastCalls }) => leastCalls < calls);
  return [
    ...judges.flatMap(({ scorer, problem }) => (problem === null ? [] : [`${scorer}: ${problem}`])),
    ...(unpriced.length > 0
      ? [
          `The cost of judges is unknown, because there is no price for ${unpriced.join(", ")}. Their tokens are counted.`,
        ]
      : []),
    ...ranges.map(
      ({ scorer, calls, leastCalls }) =>
        `"${scorer}" makes ${leastCalls} to ${calls} calls. The exact number is known only when it runs; the estimate uses the maximum.`,
    ),
  ];
}
