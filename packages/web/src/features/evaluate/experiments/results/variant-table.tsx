import { Link } from "@tanstack/react-router";
import { Section } from "../../../../components/layout/page.tsx";
import { DurationCell, MoneyCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCompact, formatCount, formatDuration, formatPercent } from "../../../../components/text/format.ts";
import type { Experiment, Run } from "../shared/use-experiments.ts";
import type { Comparison, Correction } from "../shared/use-runs.ts";
import { ScoreCell } from "./score-cell.tsx";

type TableProps = {
  experiment: Experiment;
  base: Run | undefined;
  comparison: Comparison | undefined;
  corrections: ReadonlyMap<string, readonly Correction[]>;
};

/** The variants with their scores and intervals, missing scores, errors, cost and time. */
export function VariantTable({ experiment, base, comparison, corrections }: TableProps) {
  const { runs } = experiment;
  const scorers = runs[0]?.scorers ?? [];
  const verdictOf = (run: Run, key: string) =>
    comparison?.heads.find((head) => head.run.runId === run.runId)?.scorers.find(({ scorer }) => scorer === key);
  const columns: readonly PlainColumn<Run>[] = [
    {
      id: "name",
      header: "Variant",
      className: "min-w-44 align-top pt-2!",
      cell: (run) => (
        <NameCell
          run={run}
          isBase={runs.length > 1 && run.runId === base?.runId}
          experimentId={experiment.experimentId}
        />
      ),
    },
    ...scorers.map(
      ({ key, name, output, signature }): PlainColumn<Run> => ({
        id: `score ${key}`,
        header: <span title={signature}>{name}</span>,
        isNumber: true,
        className: "align-top pt-2!",
        cell: (run) => (
          <ScoreCell
            name={name}
            output={output}
            summary={run.scores.find(({ scorer }) => scorer === key)}
            comparison={verdictOf(run, key)}
            correction={corrections.get(run.runId)?.find(({ scorer }) => scorer === key)}
          />
        ),
      }),
    ),
    {
      id: "answers",
      header: "Answers",
      isNumber: true,
      className: "align-top pt-2!",
      cell: (run) => <AnswersCell run={run} />,
    },
    {
      id: "cost",
      header: "Cost per answer",
      isNumber: true,
      className: "align-top pt-2!",
      cell: ({ costUsd, answers, errors }) => (
        <MoneyCell usd={costUsd === null || answers === errors ? null : costUsd / (answers - errors)} />
      ),
    },
    {
      id: "latency",
      header: "Median time",
      isNumber: true,
      className: "align-top pt-2!",
      cell: ({ latencyP50Ms, latencyP95Ms }) => (
        <>
          <DurationCell ms={latencyP50Ms} />
          {latencyP95Ms !== null && (
            <span className="block text-xs text-muted">p95 {formatDuration(latencyP95Ms)}</span>
          )}
        </>
      ),
    },
    {
      id: "tokens",
      header: "Tokens",
      isNumber: true,
      className: "align-top pt-2!",
      cell: ({ inputTokens, outputTokens }) => (
        <span title={`${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out`}>
          {formatCompact(inputTokens + outputTokens)}
        </span>
      ),
    },
  ];
  return (
    <Section title="Variants" className="overflow-hidden">
      <PlainTable label="Variants" columns={columns} rows={runs} idOf={({ runId }) => runId} />
    </Section>
  );
}

function NameCell({ run, isBase, experimentId }: { run: Run; isBase: boolean; experimentId: string }) {
  const { variant, name, runId } = run;
  return (
    <span className="flex flex-col pb-1">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId }}
          search={{ tab: "items", run: runId, base: isBase ? "none" : undefined }}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        {isBase && <span className="rounded border border-line bg-raised px-1.5 text-xs text-info">baseline</span>}
      </span>
      <span className="text-xs text-muted [overflow-wrap:anywhere]">
        {variant?.model}
        {variant?.prompt && (
          <>
            {variant.model && " · "}
            <Link
              to="/prompts/$name"
              params={{ name: variant.prompt.name }}
              search={{ version: String(variant.prompt.version) }}
              className="hover:underline"
            >
              {variant.prompt.name} <span className="num">v{variant.prompt.version}</span>
            </Link>
          </>
        )}
      </span>
    </span>
  );
}

function AnswersCell({ run: { answers, planned, errors } }: { run: Run }) {
  return (
    <>
      {formatCount(answers)}
      {planned !== null && planned !== answers && <span className="text-muted"> of {formatCount(planned)}</span>}
      {errors > 0 && (
        <span className="block text-xs text-bad" title="Requests that failed at the provider. They are not scored">
          {formatCount(errors)} {errors === 1 ? "error" : "errors"} ({formatPercent(errors / Math.max(1, answers))})
        </span>
      )}
    </>
  );
}
