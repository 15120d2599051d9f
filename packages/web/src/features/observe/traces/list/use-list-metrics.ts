import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import { findProblem, type TraceFilter } from "../../filter/index.ts";

type Metrics = Answer<"POST /api/v1/span-metrics">;
type TraceTotals = Answer<"GET /api/v1/trace-totals">;
type Asked = { range: RangeSearch; filter: TraceFilter };

const FAILED = "status:error";
const TOTALS = [
  "count",
  "errors",
  "latencyP50Ms",
  "latencyP90Ms",
  "latencyP95Ms",
  "latencyP99Ms",
  "costUsd",
  "totalTokens",
];

const MOST_BUCKETS = 100;

/** What the rows of a list come to: all of one population, whole traces or single spans. */
export type ListTotals = {
  readonly rows: number;
  readonly failed: number;
  /** Of traces: the spans in them. */
  readonly spans?: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly costUsd: number | null;
  readonly tokens: number;
};

/** How many there were and how many of them failed, step by step. */
export type Histogram = {
  readonly times: readonly number[];
  readonly stepSeconds: number;
  readonly all: readonly number[];
  readonly failed: readonly number[];
};

/** What the list counts over time, and how much and how fast all of its rows were together. */
export function useListMetrics(asked: Asked, rows: "traces" | "spans") {
  const ofTraces = useTraceMetrics(asked, rows === "traces");
  const ofSpans = useSpanMetrics(asked, rows === "spans");
  return rows === "traces" ? ofTraces : ofSpans;
}

const sharedOf = ({ range, filter }: Asked, isWanted: boolean) => ({
  enabled: isWanted && findProblem(filter) === undefined,
  placeholderData: keepPreviousData,
  refetchInterval: isRelative(range) && (30_000 as const),
});

function useTraceMetrics(asked: Asked, isWanted: boolean) {
  const { range, filter } = asked;
  const { id, client } = useProject();
  const query = {
    ...sharedOf(asked, isWanted),
    queryKey: ["trace-totals", id, range, filter],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const body = { ...filter, ...resolveRange(range), buckets: MOST_BUCKETS };
      return client.call("GET /api/v1/trace-totals", { query: body, signal });
    },
  };
  return {
    histogram: useQuery({ ...query, select: traceHistogramOf }),
    totals: useQuery({ ...query, select: traceTotalsOf }),
  };
}

function useSpanMetrics(asked: Asked, isWanted: boolean) {
  const { range, filter } = asked;
  const { id, client } = useProject();
  const shared = sharedOf(asked, isWanted);
  const ask = (
    rest: { measures: string[]; dimensions: string[]; cohorts?: { name: string; where: TraceFilter }[] },
    signal: AbortSignal,
  ) => client.call("POST /api/v1/span-metrics", { body: { ...resolveRange(range), where: filter, ...rest }, signal });
  const histogram = useQuery({
    ...shared,
    queryKey: ["list-histogram", id, range, filter],
    queryFn: async ({ signal }) => {
      const cohorts = [
        { name: "all", where: {} },
        { name: "failed", where: { filter: FAILED } },
      ];
      return histogramOf(await ask({ measures: ["count"], dimensions: ["time"], cohorts }, signal));
    },
  });
  const totals = useQuery({
    ...shared,
    queryKey: ["list-totals", id, range, filter],
    queryFn: async ({ signal }) =>
      spanTotalsOf((await ask({ measures: TOTALS, dimensions: [] }, signal)).rows[0]?.values),
  });
  return { histogram, totals };
}

const traceTotalsOf = ({ totals }: TraceTotals): ListTotals => ({
  rows: totals.traces,
  failed: totals.failedTraces,
  spans: totals.spans,
  costUsd: totals.costUsd,
  p50: totals.durationP50Ms,
  p90: totals.durationP90Ms,
  p95: totals.durationP95Ms,
  p99: totals.durationP99Ms,
  tokens: totals.inputTokens + totals.outputTokens,
});

const spanTotalsOf = (values: Metrics["rows"][number]["values"] = {}): ListTotals => ({
  rows: values.count ?? 0,
  failed: values.errors ?? 0,
  costUsd: values.costUsd ?? null,
  p50: values.latencyP50Ms ?? null,
  p90: values.latencyP90Ms ?? null,
  p95: values.latencyP95Ms ?? null,
  p99: values.latencyP99Ms ?? null,
  tokens: values.totalTokens ?? 0,
});

/** Where there is no trace at all, there are no steps. */
export function traceHistogramOf({ totals, buckets, bucketSeconds }: TraceTotals): Histogram {
  const shown = totals.traces === 0 ? [] : buckets;
  return {
    times: shown.map(({ time }) => Date.parse(time) / 1000),
    stepSeconds: bucketSeconds,
    all: shown.map(({ traces }) => traces),
    failed: shown.map(({ failedTraces }) => failedTraces),
  };
}

/** The rows of two cohorts over time, side by side. Where nothing at all happened there are no rows. */
export function histogramOf({ rows, intervalSeconds }: Metrics): Histogram {
  const times = [...new Set(rows.map(({ group }) => Date.parse(group.time ?? "") / 1000))].toSorted((a, b) => a - b);
  const places = new Map(times.map((time, index) => [time, index]));
  const count = (cohort: string) => {
    const counts = times.map(() => 0);
    for (const { group, values } of rows) {
      const place = places.get(Date.parse(group.time ?? "") / 1000);
      if (group.cohort === cohort && place !== undefined) counts[place] = values.count ?? 0;
    }
    return counts;
  };
  return { times, stepSeconds: intervalSeconds ?? 60, all: count("all"), failed: count("failed") };
}
