import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatExactTime, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import type { Experiment } from "../shared/use-experiments.ts";

const versionWords = (versions: Experiment["runs"][number]["versions"]) =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");

/** All settings of an experiment, so that it can be repeated. */
export function SettingsTab({ experiment }: { experiment: Experiment }) {
  const { dataset, runs, budget, stop, source } = experiment;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      "Dataset",
      <Link
        key="dataset"
        to="/datasets/$datasetId"
        params={{ datasetId: dataset.datasetId }}
        search={{ at: dataset.root, filter: dataset.filter || undefined }}
        className="text-accent underline underline-offset-2"
      >
        {dataset.name || dataset.datasetId} {dataset.version}
      </Link>,
    ],
    ["Items", dataset.items === null ? "not known yet" : formatCount(dataset.items)],
    ["Split", dataset.split ?? "all"],
    ["Filter", dataset.filter ? <code key="filter">{dataset.filter}</code> : "none"],
    ["Sample", dataset.limit === null ? "all items" : `${formatCount(dataset.limit)} with seed ${dataset.seed}`],
    ["Answers per item", experiment.repeats],
    ["Concurrency", experiment.concurrency],
    ["Cached answers", experiment.cache ? "reused for equal requests" : "not used"],
    ["Budget", `${formatCount(budget.tokens)} tokens${budget.usd === null ? "" : `, ${formatMoney(budget.usd)}`}`],
    [
      "Target precision",
      stop.precision === null ? "off" : `±${stop.precision} after ${formatCount(stop.minItems)} items`,
    ],
    ["Outage limit", formatNumberOf(experiment.maxOutageSeconds / 60, "minute")],
    ["Suite", experiment.suite ?? "none"],
    ["Branch", source.branch ?? "none"],
    ["Other versions", versionWords(runs[0]?.versions ?? {}) || "none recorded"],
    ["Started", `${formatExactTime(experiment.createdAt)} by ${experiment.createdBy}`],
  ];
  return (
    <div className="grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
      <Section title="Setup">
        <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5 px-4 pb-4">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="num min-w-0 [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <div className="flex min-w-0 flex-col gap-4">
        <Section title="Scorers">
          <ul className="flex flex-col gap-2 px-4 pb-4">
            {(runs[0]?.scorers ?? []).map(({ key, name, kind, version, signature }) => (
              <li key={key} className="min-w-0">
                <span className="font-medium">{name}</span>{" "}
                <span className="text-xs text-muted">
                  {kind}
                  {version !== null && `, version ${version}`}
                </span>
                <code className="block text-xs text-muted [overflow-wrap:anywhere]">{signature}</code>
              </li>
            ))}
            {runs[0]?.scorers.length === 0 && <li className="text-muted">None. The answers are not scored.</li>}
          </ul>
        </Section>
        {runs.map((run) => (
          <Section key={run.runId} title={run.name} description={run.variant?.model ?? "the prompt's model"}>
            <div className="px-4 pb-4">
              <JsonView value={run.variant} label={`Settings of ${run.name}`} />
            </div>
          </Section>
        ))}
      </div>
    </div>
  );
}
