import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { TimeChart } from "../../../components/chart/time-chart.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import { formatValue, metricKey, metricWords } from "../comparisons/index.ts";
import { shareLines } from "./share-lines.ts";
import { type AbTest, useShareChanges } from "./use-ab-tests.ts";

const HEIGHT = 160;
const COLORS = 8;
/** A click covers this part of the chart. */
const STEPS = 60;

type Row = AbTest["arms"][number] & { readonly now: number; readonly units: number | null; readonly mean: string };

/** The current shares of a test with adaptive shares, the holdout, and the shares over time. */
export function SharesSection({ test }: { test: AbTest }) {
  const { adaptive } = test;
  if (!adaptive) return null;
  const goal = test.metrics.find(({ metric }) => metricKey(metric) === adaptive.goal);
  return (
    <>
      <Section title="Adaptive shares" description={wordsOf(test)} className="overflow-hidden">
        <PlainTable
          label="Adaptive shares"
          columns={columnsOf(goal ? metricWords(goal.metric) : adaptive.goal)}
          rows={rowsOf(test)}
          idOf={({ variant }) => variant}
        />
      </Section>
      <SharesChart test={test} />
    </>
  );
}

function wordsOf({ adaptive, shares }: AbTest): string {
  const holdout = formatPercent(adaptive?.holdout ?? 0);
  const begin = shares === null ? " The shares move once each variant has 100 units." : "";
  return `Only the holdout, ${holdout} of the units, counts for the verdicts. Its shares never change, so a change over time affects all variants alike.${begin}`;
}

function rowsOf({ arms, shares, metrics, adaptive }: AbTest): Row[] {
  const metric = metrics.find((one) => metricKey(one.metric) === adaptive?.goal)?.metric;
  return arms.map((arm) => {
    const current = shares?.find(({ variant }) => variant === arm.variant);
    const mean = metric ? formatValue(current?.value ?? null, metric) : "–";
    return { ...arm, now: current?.share ?? arm.share, units: current?.units ?? null, mean };
  });
}

const columnsOf = (goal: string): readonly PlainColumn<Row>[] => [
  {
    id: "variant",
    header: "Variant",
    className: "min-w-28",
    cell: ({ variant }) => <span className="font-medium [overflow-wrap:anywhere]">{variant}</span>,
  },
  { id: "now", header: "Share now", className: "w-full min-w-16", cell: (row) => <ShareBar share={row.now} /> },
  { id: "holdout", header: "In holdout", isNumber: true, cell: ({ share }) => formatPercent(share) },
  { id: "mean", header: goal, isNumber: true, cell: ({ mean }) => mean },
  {
    id: "units",
    header: "Units",
    isNumber: true,
    isWide: true,
    cell: ({ units }) => (units === null ? "–" : formatCount(units)),
  },
];

const ShareBar = ({ share }: { share: number }) => (
  <span className="flex items-center gap-2">
    <span className="num w-10 shrink-0 text-right">{formatPercent(share)}</span>
    <span aria-hidden className="h-1.5 grow overflow-hidden rounded-full bg-raised max-sm:hidden">
      <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
    </span>
  </span>
);

/** A click opens the test's traces of that time. */
function SharesChart({ test }: { test: AbTest }) {
  const changes = useShareChanges(test);
  const navigate = useNavigate();
  const { data, dataUpdatedAt, error } = changes;
  const lines = useMemo(() => data && shareLines(test, data, dataUpdatedAt), [test, data, dataUpdatedAt]);
  const series = useMemo(() => lines && seriesOf(test, lines.values), [test, lines]);
  if (error && !data)
    return (
      <ErrorState error={error} retry={() => changes.refetch()} title="The changes of the shares could not be loaded" />
    );
  if (!lines || !series) return <Skeleton className="h-52 rounded-card" />;
  const open = (from: Date, to: Date) => {
    const search = { filter: `rollout:${test.abTestId}`, from: from.toISOString(), to: to.toISOString() };
    void navigate({ to: "/traces", search: { view: "spans", ...search } });
  };
  return (
    <TimeChart
      title="Shares over time"
      times={lines.times}
      bucketSeconds={stepOf(lines.times)}
      height={HEIGHT}
      series={series}
      format={formatPercent}
      onOpen={open}
      onZoom={open}
    />
  );
}

const stepOf = (times: readonly number[]): number =>
  Math.max(1, Math.ceil(((times.at(-1) ?? 0) - (times[0] ?? 0)) / STEPS));

const seriesOf = ({ arms }: AbTest, values: readonly (readonly number[])[]) =>
  arms.map(({ variant }, place) => ({
    label: variant,
    color: `--series-${(place % COLORS) + 1}`,
    kind: "line" as const,
    values: values[place] ?? [],
    summary: formatPercent(values[place]?.at(-1) ?? 0),
  }));
