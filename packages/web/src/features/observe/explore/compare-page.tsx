import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { type Series, TimeChart } from "../../../components/chart/time-chart.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { formatDuration, formatDurationTick, formatPercent } from "../../../components/text/format.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { FilterBar, findProblem } from "../filter/index.ts";
import { CompareTable } from "./compare-table.tsx";
import type { CompareSearch } from "./explore-search.ts";
import { type Comparison, useComparison } from "./use-comparison.ts";

const route = getRouteApi("/shell/explore/compare");

/** Two sets of spans of the same time side by side. */
export function ComparePage() {
  const { a = "", b = "", range, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const time = { range, from, to };
  const change = (next: CompareSearch, isNewPlace = false) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace });
  const { totals, overTime } = useComparison({ a, b, range: time });
  const isAsked = (a !== "" || b !== "") && !findProblem({ filter: a }) && !findProblem({ filter: b });
  return (
    <>
      <div className="flex flex-wrap items-start gap-2">
        <div className="flex min-w-64 grow flex-col gap-2 max-md:basis-full">
          <Cohort letter="A" color="--series-2">
            <FilterBar
              label="Filter A"
              filter={{ filter: a }}
              range={time}
              onChange={({ filter }) => change({ a: filter })}
            />
          </Cohort>
          <Cohort letter="B" color="--series-3">
            <FilterBar
              label="Filter B"
              hasKey={false}
              filter={{ filter: b }}
              range={time}
              onChange={({ filter }) => change({ b: filter })}
            />
          </Cohort>
        </div>
        <Button
          aria-label="Swap A and B"
          title="Swap A and B"
          className="w-8 px-0!"
          onClick={() => change({ a: b || undefined, b: a || undefined })}
        >
          <ArrowLeftRight aria-hidden size={14} className="text-muted" />
        </Button>
        <TimeRangePicker value={time} onChange={(next) => change(next)} />
      </div>
      {!isAsked ? (
        <EmptyState
          title="Compare two filters"
          icon={<ArrowLeftRight size={22} />}
          action={
            <Button
              onClick={() => change({ a: "kind:generation model:gpt*", b: "kind:generation model:claude*" }, true)}
            >
              Compare two model families
            </Button>
          }
        >
          Enter a filter for A and a filter for B, such as two models, two releases, or one user and all users.
        </EmptyState>
      ) : totals.error && !totals.data ? (
        <ErrorState error={totals.error} retry={() => totals.refetch()} title="The comparison could not be loaded" />
      ) : !totals.data ? (
        <div aria-busy className="card flex flex-col gap-3 p-4">
          {[0, 1, 2, 3, 4, 5].map((row) => (
            <Skeleton key={row} className="h-4 w-full" />
          ))}
        </div>
      ) : (
        <>
          <CompareTable totals={totals.data} />
          {overTime.data && (
            <CompareCharts
              metrics={overTime.data}
              a={a}
              b={b}
              onZoom={(start, end) => change(timeOf(start, end), true)}
            />
          )}
        </>
      )}
    </>
  );
}

function Cohort({ letter, color, children }: { letter: string; color: string; children: ReactNode }) {
  return (
    <div className="flex items-start gap-2">
      <span
        aria-hidden
        className="mt-1 flex size-6 shrink-0 items-center justify-center rounded text-xs font-semibold text-bg"
        style={{ background: `var(${color})` }}
      >
        {letter}
      </span>
      <div className="min-w-0 grow">{children}</div>
    </div>
  );
}

type ChartsProps = {
  metrics: NonNullable<Comparison["overTime"]["data"]>;
  a: string;
  b: string;
  onZoom: (from: Date, to: Date) => void;
};

function CompareCharts({ metrics, a, b, onZoom }: ChartsProps) {
  const navigate = useNavigate();
  const charts = useMemo(() => chartsOf(metrics), [metrics]);
  const open = (from: Date, to: Date) =>
    void navigate({
      to: "/traces",
      search: { view: "spans", filter: a && b ? `(${a}) OR (${b})` : undefined, ...timeOf(from, to) },
    });
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      {charts.map((chart) => (
        <TimeChart key={chart.title} {...chart} height={170} onZoom={onZoom} onOpen={open} />
      ))}
    </div>
  );
}

function chartsOf({ rows, intervalSeconds }: ChartsProps["metrics"]) {
  const times = [...new Set(rows.map(({ group }) => Date.parse(group.time ?? "") / 1000))].toSorted((x, y) => x - y);
  const line = (cohort: string, color: string, name: string): Series => {
    const values = new Map(
      rows
        .filter(({ group }) => group.cohort === cohort)
        .map((row) => [Date.parse(row.group.time ?? "") / 1000, row.values[name] ?? null]),
    );
    return { label: cohort, color, kind: "line", values: times.map((time) => values.get(time) ?? null) };
  };
  const both = (name: string) => [line("A", "--series-2", name), line("B", "--series-3", name)];
  const shared = { times, bucketSeconds: intervalSeconds ?? 60 };
  return [
    {
      ...shared,
      title: "Latency p95",
      format: formatDuration,
      formatTick: formatDurationTick,
      series: both("latencyP95Ms"),
    },
    { ...shared, title: "Error rate", format: formatPercent, series: both("errorRate") },
  ] as const;
}
