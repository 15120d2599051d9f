import { Estimated, EstimateNumbers } from "../../../../components/feedback/estimate-panel.tsx";
import { missingWords } from "../../../../components/feedback/estimate-words.ts";
import { formatCompact, formatCount, formatMoney } from "../../../../components/text/format.ts";
import type { Problems } from "../../experiments/index.ts";
import type { Estimate, useEstimate } from "../shared/use-optimisations.ts";

type EstimateProps = { estimate: ReturnType<typeof useEstimate>; isWhole: boolean; problems: Problems };

/** The maximum effort and cost, updated with the form before anything is sent. */
export function OptimisationEstimate({ estimate, isWhole, problems }: EstimateProps) {
  return (
    <Estimated estimate={estimate} missing={missingWords(isWhole, problems, WORDS)}>
      {(data) => (
        <EstimateNumbers
          facts={factsOf(data)}
          isOld={estimate.isPlaceholderData || estimate.isFetching}
          warnings={data.warnings}
          basis="Items are the sum of feedback, selection and test items."
        />
      )}
    </Estimated>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  prompt: "a prompt",
  dataset: "a dataset",
  scorers: "a scorer",
  budget: "the budget",
  parts: "the item limits",
  trials: "the number of prompts",
  examples: "the number of examples",
  minibatch: "the items per rewrite",
};

function factsOf(estimate: Estimate): readonly (readonly [string, string])[] {
  const { parts, answers, judgeCalls, reflections, tokens, usd } = estimate;
  return [
    ["Items", `${formatCount(parts.feedback)} + ${formatCount(parts.selection)} + ${formatCount(parts.test)}`],
    ["Answers", formatCount(answers)],
    ["Judge calls", judgeCalls === 0 ? "none" : formatCount(judgeCalls)],
    ["Rewrites", reflections === 0 ? "none" : formatCount(reflections)],
    ["Tokens", `about ${formatCompact(tokens)}`],
    ["Cost", usd === null ? "unknown: no price is set" : `about ${formatMoney(usd)}`],
  ];
}
