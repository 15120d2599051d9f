import { Link, useNavigate } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import { ExperimentStatus } from "../shared/experiment-status.tsx";
import type { Experiment } from "../shared/use-experiments.ts";
import { bestRun, intervalWords, mainScore } from "../shared/words.ts";
import { trendOf } from "./trend.ts";
import { TrendLine } from "./trend-line.tsx";

/** The table of experiments with their best main score. The keys j and k move through it. */
export function ExperimentTable({ rows }: { rows: readonly Experiment[] | undefined }) {
  const navigate = useNavigate();
  const box = useRowKeys("Experiments");
  return (
    <div ref={box}>
      <PlainTable
        label="Experiments"
        columns={columnsFor(rows ?? [])}
        rows={rows}
        idOf={({ experimentId }) => experimentId}
        onOpen={({ experimentId }) => void navigate({ to: "/experiments/$experimentId", params: { experimentId } })}
      />
    </div>
  );
}

const columnsFor = (all: readonly Experiment[]): readonly PlainColumn<Experiment>[] => [
  { id: "name", header: "Name", className: "w-full min-w-40", cell: (row) => <NameCell experiment={row} /> },
  { id: "status", header: "Status", cell: (row) => <ExperimentStatus experiment={row} /> },
  {
    id: "dataset",
    header: "Dataset",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ dataset }) => (
      <span title={dataset.filter || undefined}>
        {dataset.name || <span className="text-muted">deleted</span>}{" "}
        <span className="num text-muted">
          {dataset.version}
          {dataset.items !== null && `, ${formatNumberOf(dataset.items, "item")}`}
        </span>
      </span>
    ),
  },
  {
    id: "variants",
    header: "Variants",
    isNumber: true,
    isWide: true,
    cell: ({ runs }) => <span title={runs.map(({ name }) => name).join(", ")}>{runs.length}</span>,
  },
  { id: "score", header: "Best main score", isNumber: true, cell: (row) => <ScoreCell experiment={row} /> },
  {
    id: "trend",
    header: "Trend",
    isWide: true,
    className: "whitespace-nowrap",
    cell: (row) => {
      const main = row.runs[0] && mainScore(row.runs[0]);
      return main && <TrendLine values={trendOf(row, all)} format={(value) => formatValue(value, main.output)} />;
    },
  },
  { id: "made", header: "Started", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

function NameCell({ experiment: { experimentId, name, description, tags } }: { experiment: Experiment }) {
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <Link
        to="/experiments/$experimentId"
        params={{ experimentId }}
        data-row
        onClick={(event) => event.stopPropagation()}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      {tags.map((tag) => (
        <span key={tag} className="rounded border border-line bg-raised px-1.5 text-xs">
          {tag}
        </span>
      ))}
      {description && <span className="line-clamp-1 text-muted max-md:hidden">{description}</span>}
    </span>
  );
}

function ScoreCell({ experiment }: { experiment: Experiment }) {
  const run = bestRun(experiment);
  const main = run && mainScore(run);
  if (!run || !main) return <span className="text-muted">no scorer</span>;
  const { summary, output, name } = main;
  if (!summary || summary.value === null) return <span className="text-muted">no score yet</span>;
  return (
    <span title={`${name} of ${run.name}, on ${formatNumberOf(summary.items, "item")}`}>
      <span className="font-medium">{formatValue(summary.value, output)}</span>
      <span className="ml-1.5 text-xs text-muted max-lg:hidden">{intervalWords(summary.interval, output)}</span>
    </span>
  );
}
