import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Series, TimeChart } from "../../../components/chart/time-chart.tsx";
import { Skeleton } from "../../../components/feedback/states.tsx";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatDurationTick,
  formatMoney,
  formatMoneyTick,
  formatPercent,
} from "../../../components/text/format.ts";
import { addCondition, type TraceFilter } from "../filter/index.ts";
import { CALLS } from "./use-breakdown.ts";
import type { Overview } from "./use-overview.ts";

type ChartsProps = { overview: Overview | undefined; filter: TraceFilter; onZoom: (from: Date, to: Date) => void };
type Bucket = Overview["buckets"][number];

/**
 * The same buckets drawn five ways. They share one cursor, a drag zooms all of them, a click opens the calls of a
 * bucket.
 */
export function OverviewCharts({ overview, filter, onZoom }: ChartsProps) {
  const navigate = useNavigate();
  const charts = useMemo(() => (overview ? chartsOf(overview) : undefined), [overview]);
  if (!charts) return <ChartsSkeleton />;
  const open = (search: Record<string, string>) => (from: Date, to: Date) =>
    void navigate({
      to: "/traces",
      search: {
        ...search,
        filter: addCondition(filter.filter ?? "", CALLS),
        view: "spans",
        from: from.toISOString(),
        to: to.toISOString(),
      },
    });
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      {charts.map(({ search, ...chart }) => (
        <TimeChart key={chart.title} {...chart} onZoom={onZoom} onOpen={open(search)} />
      ))}
    </div>
  );
}

type Chart = Omit<Parameters<typeof TimeChart>[0], "onZoom" | "onOpen"> & { search: Record<string, string> };

function chartsOf({ buckets, bucketSeconds, totals, previous, before }: Overview): readonly Chart[] {
  const shared = { times: buckets.map(({ time }) => Date.parse(time) / 1000), bucketSeconds };
  const values = (pick: (bucket: Bucket) => number | null) => ({
    values: buckets.map(pick),
    ...(before && previous.requests > 0 && { before: before.buckets.map(pick) }),
  });
  const line = (label: string, color: string, more: Pick<Series, "values" | "before" | "summary">): Series => ({
    label,
    color,
    kind: "line",
    ...more,
  });
  const failed = (row: number) => {
    const { requests = 0, errors = 0 } = buckets[row] ?? {};
    return errors > 0 ? `${formatPercent(errors / requests)} failed` : undefined;
  };
  return [
    {
      ...shared,
      title: "Traffic",
      className: "col-span-full",
      height: 190,
      format: formatCompact,
      isCount: true,
      footnote: failed,
      search: {},
      series: [
        {
          label: "Model calls",
          color: "--series-1",
          kind: "bars",
          ...values(({ requests }) => requests),
          summary: formatCount(totals.requests),
        },
        {
          label: "Failed calls",
          color: "--series-5",
          kind: "bars",
          ...values(({ errors }) => errors),
          summary: formatCount(totals.errors),
          // A second outline next to the calls could not be distinguished; the tooltip shows its numbers.
          drawnBefore: null,
        },
      ],
    },
    {
      ...shared,
      title: "Call latency",
      height: 170,
      format: formatDuration,
      formatTick: formatDurationTick,
      search: { order: "durationMs" },
      series: [
        line("p95", "--series-3", {
          ...values(({ latencyP95Ms }) => latencyP95Ms),
          summary: formatDuration(totals.latencyP95Ms),
        }),
        line("p50", "--series-2", {
          ...values(({ latencyP50Ms }) => latencyP50Ms),
          summary: formatDuration(totals.latencyP50Ms),
        }),
      ],
    },
    {
      ...shared,
      title: "Time to first token",
      height: 170,
      format: formatDuration,
      formatTick: formatDurationTick,
      search: { order: "timeToFirstTokenMs" },
      series: [
        line("p95", "--series-3", {
          ...values(({ timeToFirstTokenP95Ms }) => timeToFirstTokenP95Ms),
          summary: formatDuration(totals.timeToFirstTokenP95Ms),
        }),
        line("p50", "--series-2", {
          ...values(({ timeToFirstTokenP50Ms }) => timeToFirstTokenP50Ms),
          summary: formatDuration(totals.timeToFirstTokenP50Ms),
        }),
      ],
    },
    {
      ...shared,
      title: "Tokens",
      height: 170,
      format: formatCompact,
      isCount: true,
      search: { order: "inputTokens" },
      series: [
        line("In", "--series-2", {
          ...values(({ inputTokens }) => inputTokens),
          summary: formatCompact(totals.inputTokens),
        }),
        line("Out", "--series-4", {
          ...values(({ outputTokens }) => outputTokens),
          summary: formatCompact(totals.outputTokens),
        }),
      ],
    },
    {
      ...shared,
      title: "Cost",
      height: 170,
      format: formatMoney,
      formatTick: formatMoneyTick,
      search: { order: "costUsd" },
      series: [
        {
          label: "US dollars",
          color: "--series-1",
          kind: "bars",
          ...values(({ costUsd }) => costUsd),
          summary: formatMoney(totals.costUsd),
        },
      ],
    },
  ];
}

function ChartsSkeleton() {
  return (
    <div aria-busy className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      {[238, 218, 218, 218, 218].map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: five fixed boxes that never move.
        <div key={index} className="card p-4 first:col-span-full" style={{ height }}>
          <Skeleton className="h-4 w-28" />
          <Skeleton className="mt-4 h-[calc(100%-32px)] w-full" />
        </div>
      ))}
    </div>
  );
}
