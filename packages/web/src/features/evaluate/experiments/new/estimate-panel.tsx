import { Estimated, EstimateNumbers } from "../../../../components/feedback/estimate-panel.tsx";
import { missingWords } from "../../../../components/feedback/estimate-words.ts";
import { formatCompact, formatCount, formatDuration, formatMoney } from "../../../../components/text/format.ts";
import type { Estimate, useEstimate } from "../shared/use-experiments.ts";
import type { Problems } from "./experiment-draft.ts";

type EstimateProps = {
  estimate: ReturnType<typeof useEstimate>;
  isWhole: boolean;
  problems: Problems;
  repeats: number;
};

/** The estimated effort and cost, updated with the form before anything is sent. */
export function ExperimentEstimate({ estimate, isWhole, problems, repeats }: EstimateProps) {
  return (
    <Estimated estimate={estimate} missing={missingWords(isWhole, problems, WORDS)}>
      {(data) => (
        <EstimateNumbers
          facts={factsOf(data, repeats)}
          isOld={estimate.isPlaceholderData || estimate.isFetching}
          warnings={data.warnings}
          basis={data.basis}
        >
          <Parts estimate={data} />
          {data.isWithinBudget === false && (
            <p className="rounded-control bg-warn-soft px-3 py-2">
              The estimate exceeds the budget. The experiment would stop before all items are answered.
            </p>
          )}
        </EstimateNumbers>
      )}
    </Estimated>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  name: "a name",
  dataset: "a dataset",
  variants: "the variants",
  scorers: "the scorers",
  budget: "the budget",
  repeats: "the answers per item",
};

function factsOf(estimate: Estimate, repeats: number): readonly (readonly [string, string])[] {
  const { items, answers, inputTokens, outputTokens, seconds } = estimate;
  return [
    ["Items", formatCount(items)],
    ["Answers", `${formatCount(answers)}${repeats > 1 ? ` (${repeats} per item)` : ""}`],
    ["Judge calls", judgeCallWords(estimate)],
    ["Tokens", `about ${formatCompact(inputTokens)} in, ${formatCompact(outputTokens)} out`],
    ...costsOf(estimate),
    ["Time", seconds === null ? "unknown" : `about ${formatDuration(seconds * 1_000)}`],
  ];
}

function judgeCallWords({ judgeCalls, leastJudgeCalls }: Estimate): string {
  if (judgeCalls === 0) return "none";
  if (leastJudgeCalls === judgeCalls) return formatCount(judgeCalls);
  return `${formatCount(leastJudgeCalls)} to ${formatCount(judgeCalls)}`;
}

const costWords = (usd: number | null) => (usd === null ? "unknown: a price is not set" : `about ${formatMoney(usd)}`);

/** The costs of answers and of judges are listed separately, so that one unknown price does not hide the other. */
function costsOf({ usd, answersUsd, judgesUsd, judges }: Estimate): readonly (readonly [string, string])[] {
  if (judges.length === 0) return [["Cost", costWords(usd)]];
  return [
    ["Answer cost", costWords(answersUsd)],
    ["Judge cost", costWords(judgesUsd)],
    ...(usd === null ? [] : [["Total cost", costWords(usd)] as const]),
  ];
}

/** The cost per model, if there are several. */
function Parts({ estimate: { variants, judges } }: { estimate: Estimate }) {
  const parts = [
    ...variants.map(({ name, usd }) => ({ name, usd })),
    ...judges.map(({ scorer, model, usd }) => ({ name: `${scorer} (${model})`, usd })),
  ];
  if (parts.length < 2 || parts.every(({ usd }) => !usd)) return null;
  return (
    <ul className="text-xs">
      {parts.map(({ name, usd }) => (
        <li key={name} className="flex justify-between gap-2">
          <span className="truncate text-muted" title={name}>
            {name}
          </span>
          <span className="num">{usd === null ? "unknown" : formatMoney(usd)}</span>
        </li>
      ))}
    </ul>
  );
}
