import { Link } from "@tanstack/react-router";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { differenceRange, differenceWords, IntervalBar, pWords, testWords, Verdict } from "../experiments/index.ts";
import { formatValue } from "../scorers/index.ts";
import { SavedVersion } from "./saved-version.tsx";
import type { Optimisation } from "./use-optimisations.ts";

type Test = NonNullable<Optimisation["test"]>;
type PanelProps = { optimisation: Optimisation; test: Test };

/** What the items that the search never saw say of the best prompt against the first one. */
export function TestPanel({ optimisation, test }: PanelProps) {
  const { comparison, candidate } = test;
  const { optimisationId } = optimisation;
  return (
    <Section
      title="The final test"
      description="The best prompt against the first one, on items that the search never saw, each answered once by both."
      action={<SavedVersion {...{ optimisation, candidate }} />}
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Verdict verdict={comparison.verdict} moreItems={comparison.moreItems} />
          <Bar {...{ optimisation, test }} />
        </p>
        <Facts {...{ optimisation, test }} />
        <p>
          <Link
            to="/optimisations/$optimisationId"
            params={{ optimisationId }}
            search={{ tab: "items" }}
            className="underline underline-offset-2"
          >
            {formatNumberOf(comparison.better, "item")} won, {formatCount(comparison.worse)} lost
          </Link>
        </p>
      </div>
    </Section>
  );
}

function Bar({ optimisation: { output }, test: { comparison } }: PanelProps) {
  const { difference, interval, margin } = comparison;
  if (difference === null) return null;
  const most =
    1.1 * Math.max(Math.abs(difference), Math.abs(interval?.low ?? 0), Math.abs(interval?.high ?? 0), margin);
  const words = `${differenceWords(difference, output)} ${differenceRange(interval, output)}`;
  return (
    <span className="num inline-flex flex-wrap items-center gap-x-3">
      <IntervalBar
        {...{ label: words, value: difference, interval, margin }}
        from={-most}
        to={most}
        zero={0}
        width={160}
      />
      <span className="font-medium">{words}</span>
    </span>
  );
}

function Facts({ optimisation: { output, scorer, parts }, test: { comparison } }: PanelProps) {
  const { meanBase, meanHead, pValue, test, items, interval, minimumDetectableEffect } = comparison;
  const facts = [
    [scorer, `${formatValue(meanBase, output)} → ${formatValue(meanHead, output)}`],
    ["p", `${pWords(pValue)}${test === "" ? "" : ` (${testWords(test)})`}`],
    [
      "Items",
      `${formatCount(items)}${parts && parts.test !== items ? ` of ${formatCount(parts.test)} with both scores` : ""}`,
    ],
    ["Interval", interval === null ? "none" : `${Math.round(interval.level * 100)}%, of paired differences`],
    [
      "Detectable",
      minimumDetectableEffect === null ? "–" : differenceWords(minimumDetectableEffect, output).replace("+", "from ±"),
    ],
  ] as const;
  return (
    <dl className="grid grid-cols-5 gap-x-6 gap-y-2 max-lg:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="truncate text-xs text-muted">{name}</dt>
          <dd className="num [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
