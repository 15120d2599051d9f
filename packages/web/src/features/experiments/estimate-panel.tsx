import type { ReactNode } from "react";
import { explain } from "../../api.ts";
import { formatCompact, formatCount, formatDuration, formatMoney } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import type { Problems } from "./experiment-draft.ts";
import type { Estimate, useEstimate } from "./use-experiments.ts";

type PanelProps = {
  estimate: ReturnType<typeof useEstimate>;
  isWhole: boolean;
  problems: Problems;
  repeats: number;
  children: ReactNode;
};

/** What it would take, before anything is asked or paid; it follows the form. */
export function EstimatePanel({ estimate, isWhole, problems, repeats, children }: PanelProps) {
  const { data, error } = estimate;
  return (
    <Section title="What it takes" className="sticky top-4 max-lg:static">
      <div className="flex flex-col gap-3 px-4 pb-4" aria-live="polite">
        {!isWhole ? (
          <Missing problems={problems} />
        ) : error ? (
          <p className="text-bad [overflow-wrap:anywhere]">{explain(error)}</p>
        ) : data ? (
          <Numbers estimate={data} repeats={repeats} isOld={estimate.isPlaceholderData || estimate.isFetching} />
        ) : (
          <p className="text-muted">Counting…</p>
        )}
        {children}
      </div>
    </Section>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  name: "a name",
  dataset: "a dataset",
  variants: "the variants",
  scorers: "the scorers",
  budget: "the budget",
  repeats: "the answers to each item",
};

function Missing({ problems }: { problems: Problems }) {
  const parts = [...new Set(Object.keys(problems).map((place) => place.split(".")[0] ?? ""))];
  return (
    <p className="text-muted">
      The estimate appears as soon as the form is whole. Still to do:{" "}
      {parts.map((part) => WORDS[part] ?? part).join(", ")}.
    </p>
  );
}

function Numbers({ estimate, repeats, isOld }: { estimate: Estimate; repeats: number; isOld: boolean }) {
  const { items, answers, inputTokens, outputTokens, seconds, warnings, basis } = estimate;
  const facts = [
    ["Items", formatCount(items)],
    ["Answers", `${formatCount(answers)}${repeats > 1 ? ` (${repeats} to each item)` : ""}`],
    ["Calls of judges", judgeCallWords(estimate)],
    ["Tokens", `about ${formatCompact(inputTokens)} in, ${formatCompact(outputTokens)} out`],
    ...costsOf(estimate),
    ["Time", seconds === null ? "not known yet" : `about ${formatDuration(seconds * 1_000)}`],
  ] as const;
  return (
    <div className={`flex flex-col gap-3 ${isOld ? "opacity-60" : ""}`}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="num text-right">{value}</dd>
          </div>
        ))}
      </dl>
      <Parts estimate={estimate} />
      {estimate.isWithinBudget === false && (
        <p className="rounded-control bg-warn-soft px-3 py-2">
          More than the budget: it would stop before every item is answered.
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2 [overflow-wrap:anywhere]">
          {warning}
        </p>
      ))}
      {basis && <p className="text-xs text-muted">{basis}</p>}
    </div>
  );
}

function judgeCallWords({ judgeCalls, leastJudgeCalls }: Estimate): string {
  if (judgeCalls === 0) return "none";
  if (leastJudgeCalls === judgeCalls) return formatCount(judgeCalls);
  return `${formatCount(leastJudgeCalls)} to ${formatCount(judgeCalls)}`;
}

const costWords = (usd: number | null) => (usd === null ? "a price is not known" : `about ${formatMoney(usd)}`);

/** What answers and what judges cost stand beside each other, so that one that is not known does not hide the other. */
function costsOf({ usd, answersUsd, judgesUsd, judges }: Estimate): readonly (readonly [string, string])[] {
  if (judges.length === 0) return [["Cost", costWords(usd)]];
  return [
    ["Cost of answers", costWords(answersUsd)],
    ["Cost of judges", costWords(judgesUsd)],
    ...(usd === null ? [] : [["Together", costWords(usd)] as const]),
  ];
}

/** Who it is spent on, where there is more than one to tell apart. */
function Parts({ estimate: { variants, judges } }: { estimate: Estimate }) {
  const parts = [
    ...variants.map(({ name, usd }) => ({ name, usd })),
    ...judges.map(({ scorer, model, usd }) => ({ name: `${scorer}, by ${model}`, usd })),
  ];
  if (parts.length < 2 || parts.every(({ usd }) => !usd)) return null;
  return (
    <ul className="text-xs">
      {parts.map(({ name, usd }) => (
        <li key={name} className="flex justify-between gap-2">
          <span className="truncate text-muted" title={name}>
            {name}
          </span>
          <span className="num">{usd === null ? "not known" : formatMoney(usd)}</span>
        </li>
      ))}
    </ul>
  );
}
