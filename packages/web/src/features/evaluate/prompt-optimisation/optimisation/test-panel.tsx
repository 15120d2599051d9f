import { Link } from "@tanstack/react-router";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { differenceRange, differenceWords, IntervalBar, pWords, testWords, Verdict } from "../../experiments/index.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Optimisation } from "../shared/use-optimisations.ts";
import { SavedVersion } from "./saved-version.tsx";

type Test = NonNullable<Optimisation["test"]>;
type PanelProps = { optimisation: Optimisation; test: Test };

/** The result of the best prompt compared with the first one on unseen items. */
export function TestPanel({ optimisation, test }: PanelProps) {
  const { comparison, candidate } = test;
  const { optimisationId } = optimisation;
  return (
    <Section
      title="Final test"
      description="Compares the best prompt with the first one on unseen items. Both answer each item once."
      action={<SavedVersion optimisation={optimisation} candidate={candidate} />}
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Verdict verdict={comparison.verdict} moreItems={comparison.moreItems} />
          <Bar optimisation={optimisation} test={test} />
        </p>
        <Facts optimisation={optimisation} test={test} />
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
        label={words}
        value={difference}
        interval={interval}
        margin={margin}
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
    ["Interval", interval === null ? "none" : `${Math.round(interval.level * 100)}% interval of paired differences`],
    [
      "Detectable difference",
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
