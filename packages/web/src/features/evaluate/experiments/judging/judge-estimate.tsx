import { Estimated, EstimateNumbers } from "../../../../components/feedback/estimate-panel.tsx";
import { formatCompact, formatCount, formatMoney } from "../../../../components/text/format.ts";
import type { JudgingEstimate, useJudgingEstimate } from "./use-judgings.ts";

type Props = { estimate: ReturnType<typeof useJudgingEstimate>; isWhole: boolean };

/** The estimated calls and cost of the judge, updated with the form. */
export function JudgeEstimate({ estimate, isWhole }: Props) {
  return (
    <Estimated estimate={estimate} missing={isWhole ? undefined : "Enter the judge's model to see an estimate."}>
      {(data) => (
        <EstimateNumbers
          facts={factsOf(data)}
          isOld={estimate.isPlaceholderData}
          warnings={data.warnings}
          basis={data.basis}
        />
      )}
    </Estimated>
  );
}

function factsOf(estimate: JudgingEstimate): readonly (readonly [string, string])[] {
  const { items, pairs, comparisons, free, judgeCalls, inputTokens, outputTokens, usd } = estimate;
  return [
    ["Items answered by all runs", formatCount(items)],
    ["Comparisons", pairs === 1 ? formatCount(comparisons) : `${formatCount(comparisons)} of ${pairs} pairs of runs`],
    ["Without a judge call", free === 0 ? "none" : `about ${formatCount(free)}`],
    ["Judge calls", formatCount(judgeCalls)],
    ["Tokens", `about ${formatCompact(inputTokens)} in, ${formatCompact(outputTokens)} out`],
    ["Cost", usd === null ? "unknown: no price is set" : `about ${formatMoney(usd)}`],
  ];
}
