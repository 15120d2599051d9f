import type { ReactNode } from "react";
import { explain } from "../../api.ts";
import { formatCompact, formatCount, formatMoney } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import type { Problems } from "../experiments/index.ts";
import type { Estimate, useEstimate } from "./use-optimisations.ts";

type PanelProps = {
  estimate: ReturnType<typeof useEstimate>;
  isWhole: boolean;
  problems: Problems;
  children: ReactNode;
};

/** What the search would take at most, before anything is asked or paid; it follows the form. */
export function EstimatePanel({ estimate, isWhole, problems, children }: PanelProps) {
  const { data, error } = estimate;
  return (
    <Section title="What it takes at most" className="sticky top-4 max-lg:static">
      <div className="flex flex-col gap-3 px-4 pb-4" aria-live="polite">
        {!isWhole ? (
          <p className="text-muted">
            The estimate appears as soon as the form is whole. Still to do: {missingIn(problems)}.
          </p>
        ) : error ? (
          <p className="text-bad [overflow-wrap:anywhere]">{explain(error)}</p>
        ) : data ? (
          <Numbers estimate={data} isOld={estimate.isPlaceholderData || estimate.isFetching} />
        ) : (
          <p className="text-muted">Counting…</p>
        )}
        {children}
      </div>
    </Section>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  prompt: "a prompt",
  dataset: "a dataset",
  scorers: "a scorer",
  budget: "the budget",
  parts: "the thirds",
  trials: "the prompts that are tried",
  examples: "the examples",
  minibatch: "the items of a rewrite",
};

const missingIn = (problems: Problems): string =>
  [...new Set(Object.keys(problems).map((place) => place.split(".")[0] ?? ""))]
    .map((part) => WORDS[part] ?? part)
    .join(", ");

function Numbers({ estimate, isOld }: { estimate: Estimate; isOld: boolean }) {
  const { parts, answers, judgeCalls, reflections, tokens, usd, warnings } = estimate;
  const facts = [
    ["Items", `${formatCount(parts.feedback)} + ${formatCount(parts.selection)} + ${formatCount(parts.test)}`],
    ["Answers", formatCount(answers)],
    ["Calls of judges", judgeCalls === 0 ? "none" : formatCount(judgeCalls)],
    ["Rewrites", reflections === 0 ? "none" : formatCount(reflections)],
    ["Tokens", `about ${formatCompact(tokens)}`],
    ["Cost", usd === null ? "a price is not known" : `about ${formatMoney(usd)}`],
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
      {warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2 [overflow-wrap:anywhere]">
          {warning}
        </p>
      ))}
      <p className="text-xs text-muted">Items are those of the feedback, selection and test thirds.</p>
    </div>
  );
}
