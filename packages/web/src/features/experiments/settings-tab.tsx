import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatCount, formatExactTime, formatMoney } from "../../components/format.ts";
import { JsonView } from "../../components/json-tree.tsx";
import { Section } from "../../components/page.tsx";
import type { Experiment } from "./use-experiments.ts";

const versionWords = (versions: Experiment["runs"][number]["versions"]) =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");

/** How the experiment was set up, to the last option: what somebody needs to run it again. */
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
    ["Items", dataset.items === null ? "not counted yet" : formatCount(dataset.items)],
    ["Split", dataset.split ?? "all"],
    ["Filter", dataset.filter ? <code key="filter">{dataset.filter}</code> : "none"],
    ["Drawn", dataset.limit === null ? "every item" : `${formatCount(dataset.limit)} by seed ${dataset.seed}`],
    ["Answers to each item", experiment.repeats],
    ["At once", experiment.concurrency],
    ["Earlier answers", experiment.cache ? "taken where the request is the same" : "never taken"],
    ["Budget", `${formatCount(budget.tokens)} tokens${budget.usd === null ? "" : `, ${formatMoney(budget.usd)}`}`],
    ["Stops early", stop.precision === null ? "no" : `at ±${stop.precision} after ${formatCount(stop.minItems)} items`],
    ["Suite", experiment.suite ?? "none"],
    ["Branch", source.branch ?? "none"],
    ["In use beside it", versionWords(runs[0]?.versions ?? {}) || "nothing was named"],
    ["Begun", `${formatExactTime(experiment.createdAt)} by ${experiment.createdBy}`],
  ];
  return (
    <div className="grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
      <Section title="How it was set up">
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
            {runs[0]?.scorers.length === 0 && <li className="text-muted">None: the answers are only looked at.</li>}
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
