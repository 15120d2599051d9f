import { useQueries } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { GitCompare } from "lucide-react";
import { useState } from "react";
import { StepChart } from "../../../../components/chart/step-chart.tsx";
import { type StepLine, smooth } from "../../../../components/chart/step-lines.ts";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { RunStatus } from "../shared/run-status.tsx";
import { idsIn } from "../shared/training-search.ts";
import { isGoing, type Run, useRuns, useSeriesOptions } from "../shared/use-training.ts";
import { formatLoss, formatPoint, timeWords } from "../shared/words.ts";
import { differingSettings } from "./compare-settings.ts";
import { Smoothing } from "./curves.tsx";

const route = getRouteApi("/shell/training/compare");
/** One run per distinguishable colour. */
const MOST = 6;
const CHARTS = [
  { title: "Evaluation loss", key: "eval_loss", format: formatLoss },
  { title: "Training loss", key: "loss", format: formatLoss },
  { title: "Learning rate", key: "lr", format: formatPoint },
  { title: "Tokens per second", key: "tokens_per_s", format: formatPoint },
] as const;

/** Compares the curves of several runs and lists the settings that differ. */
export function CompareRunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useRuns({});
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  const ids = idsIn(search.runs).slice(0, MOST);
  const runs = ids.flatMap((id) => all.find(({ trainingRunId }) => trainingRunId === id) ?? []);
  const choose = (next: readonly string[]) =>
    void navigate({ search: { runs: next.join(",") || undefined }, replace: true });
  return (
    <>
      <PageHeader
        title="Compare training runs"
        back={<BackLink to="/training" label="Training" />}
        description="A lower evaluation loss does not prove a better model. Compare the models on an evaluation set."
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.data ? <Picker all={all} ids={ids} choose={choose} /> : <Skeleton className="h-10" />}
        {runs.length > 0 ? (
          <Compared runs={runs} />
        ) : (
          <EmptyState title="Runs to compare" icon={<GitCompare size={22} />}>
            Up to {MOST} runs.
          </EmptyState>
        )}
      </div>
    </>
  );
}

type PickerProps = { all: readonly Run[]; ids: readonly string[]; choose: (ids: readonly string[]) => void };

function Picker({ all, ids, choose }: PickerProps) {
  return (
    <fieldset aria-label="Runs" className="flex flex-wrap gap-2">
      {all.slice(0, 30).map(({ trainingRunId, name }) => {
        const isChosen = ids.includes(trainingRunId);
        return (
          <button
            key={trainingRunId}
            type="button"
            aria-pressed={isChosen}
            disabled={!isChosen && ids.length >= MOST}
            onClick={() => choose(isChosen ? ids.filter((id) => id !== trainingRunId) : [...ids, trainingRunId])}
            className="max-w-60 truncate rounded-full border border-line px-3 py-1 text-muted hover:text-text disabled:opacity-50 aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
          >
            {name}
          </button>
        );
      })}
    </fieldset>
  );
}

function Compared({ runs }: { runs: readonly Run[] }) {
  const [weight, setWeight] = useState(0);
  const options = useSeriesOptions();
  const results = useQueries({
    queries: runs.map((run) => options({ trainingRunId: run.trainingRunId, isLive: isGoing(run) })),
  });
  const labels = labelsOf(runs);
  const linesOf = (key: string): StepLine[] =>
    runs.flatMap((run, place) => {
      const points = results[place]?.data?.series.find((one) => one.key === key)?.points ?? [];
      const isSparse = key.startsWith("eval_");
      return points.length === 0
        ? []
        : [
            {
              label: labels[place] ?? run.name,
              color: `--series-${place + 1}`,
              points: isSparse ? points : smooth(points, weight),
              isSparse,
            },
          ];
    });
  return (
    <>
      <Smoothing weight={weight} onChange={setWeight} />
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        {CHARTS.map(({ title, key, format }) => (
          <StepChart key={key} title={title} lines={linesOf(key)} format={format} height={220} />
        ))}
      </div>
      <Section title="Results">
        <PlainTable label="Results" columns={RESULTS} rows={runs} idOf={({ trainingRunId }) => trainingRunId} />
      </Section>
      <Differences runs={runs} labels={labels} />
    </>
  );
}

/** Adds the start time to runs that share a name. */
const labelsOf = (runs: readonly Run[]): readonly string[] =>
  runs.map(({ name, createdAt }) =>
    runs.filter((other) => other.name === name).length > 1
      ? `${name} ${createdAt.slice(5, 16).replace("T", " ")}`
      : name,
  );

const RESULTS: readonly PlainColumn<Run>[] = [
  {
    id: "name",
    header: "Run",
    className: "w-full",
    cell: ({ trainingRunId, name }) => (
      <Link to="/training/$trainingRunId" params={{ trainingRunId }} className="font-medium hover:underline">
        {name}
      </Link>
    ),
  },
  { id: "status", header: "Status", cell: (run) => <RunStatus run={run} /> },
  {
    id: "best",
    header: "Best evaluation loss",
    isNumber: true,
    cell: ({ progress }) => formatLoss(progress.bestEvalLoss ?? progress.evalLoss),
  },
  { id: "loss", header: "Loss", isNumber: true, isWide: true, cell: ({ progress }) => formatLoss(progress.loss) },
  { id: "time", header: "Time", isNumber: true, cell: timeWords },
];

function Differences({ runs, labels }: { runs: readonly Run[]; labels: readonly string[] }) {
  const rows = differingSettings(runs.map(({ config }) => config));
  if (runs.length < 2) return null;
  return (
    <Section
      title="Different settings"
      description={rows.length === 0 ? "All settings are the same." : "Only settings that differ are shown."}
    >
      {rows.length > 0 && (
        <PlainTable
          label="Different settings"
          rows={rows}
          idOf={({ path }) => path}
          columns={[
            { id: "path", header: "Setting", cell: ({ path }) => <code className="text-xs">{path}</code> },
            ...labels.map((label, place) => ({
              id: `${place}`,
              header: label,
              cell: ({ values }: (typeof rows)[number]) => (
                <span className="num [overflow-wrap:anywhere]">{values[place]}</span>
              ),
            })),
          ]}
        />
      )}
    </Section>
  );
}
