import { explain } from "../../api.ts";
import { formatCompact, formatCount, formatMoney } from "../../components/format.ts";
import type { JudgingEstimate, useJudgingEstimate } from "./use-judgings.ts";

type Props = { estimate: ReturnType<typeof useJudgingEstimate>; isWhole: boolean };

/** What it would take to ask the judge; it follows the form. */
export function JudgeEstimate({ estimate: { data, error, isPlaceholderData }, isWhole }: Props) {
  if (!isWhole) return <p className="text-muted">Name the model of the judge, and what it takes appears here.</p>;
  if (error) return <p className="text-bad [overflow-wrap:anywhere]">{explain(error)}</p>;
  if (!data) return <p className="text-muted">Counting…</p>;
  return (
    <div className={`flex flex-col gap-3 ${isPlaceholderData ? "opacity-60" : ""}`}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        {factsOf(data).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="num text-right">{value}</dd>
          </div>
        ))}
      </dl>
      {data.warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2 [overflow-wrap:anywhere]">
          {warning}
        </p>
      ))}
      <p className="text-xs text-muted">{data.basis}</p>
    </div>
  );
}

function factsOf(estimate: JudgingEstimate): readonly (readonly [string, string])[] {
  const { items, pairs, comparisons, free, judgeCalls, inputTokens, outputTokens, usd } = estimate;
  return [
    ["Items all runs answered", formatCount(items)],
    [
      "Pairs to judge",
      pairs === 1 ? formatCount(comparisons) : `${formatCount(comparisons)} of ${pairs} pairs of runs`,
    ],
    ["Of them for nothing", free === 0 ? "none" : `about ${formatCount(free)}`],
    ["Calls of the judge", formatCount(judgeCalls)],
    ["Tokens", `about ${formatCompact(inputTokens)} in, ${formatCompact(outputTokens)} out`],
    ["Cost", usd === null ? "its price is not known" : `about ${formatMoney(usd)}`],
  ];
}
