import type { ExperimentEstimate, ExperimentInput } from "@treadle/contract";
import type { JudgeLine } from "./estimate-judges.ts";

/** What the answers of one variant take. */
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
    ...{ items, answers: items * input.repeats * lines.length },
    ...{ judgeCalls: add(judges, ({ calls }) => calls), leastJudgeCalls: add(judges, ({ leastCalls }) => leastCalls) },
    ...{ inputTokens, outputTokens, usd, answersUsd, judgesUsd },
    seconds: isTimed ? add(lines, ({ seconds }) => seconds ?? 0) / input.concurrency : null,
    variants: lines.map(({ seconds: _, isFromHistory: __, ...line }) => line),
    judges: judges.map(({ problem: _, ...line }) => line),
    isWithinBudget: isWithinTokens ? isWithinUsd : false,
    basis: lines.every(({ isFromHistory }) => isFromHistory)
      ? "Earlier answers of the same models, and the length of a sample of the requests."
      : "The length of a sample of the requests; how much the models will say is a guess where they were never asked.",
    warnings: [
      ...warnings,
      ...judgeWarnings(judges),
      ...(isWithinTokens ? [] : ["It would use more tokens than the budget has, and stop before its end."]),
      ...(isWithinUsd === false ? ["It would cost more than the budget has, and stop before its end."] : []),
    ],
  };
}

/** What is not known of the judges, and where the sum takes the most they may ask. */
export function judgeWarnings(judges: readonly JudgeLine[]): string[] {
  const unpriced = [
    ...new Set(judges.filter(({ usd, problem }) => usd === null && !problem).map(({ model }) => model)),
  ];
  const ranges = judges.filter(({ calls, leastCalls }) => leastCalls < calls);
  return [
    ...judges.flatMap(({ scorer, problem }) => (problem === null ? [] : [`${scorer}: ${problem}`])),
    ...(unpriced.length > 0
      ? [`What judges cost is not known: there is no price for ${unpriced.join(", ")}. Their tokens are counted.`]
      : []),
    ...ranges.map(
      ({ scorer, calls, leastCalls }) =>
        `"${scorer}" may ask ${leastCalls} to ${calls} times, which only shows when it asks; the sum takes the most.`,
    ),
  ];
}
