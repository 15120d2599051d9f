import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../components/time-range.ts";
import { findProblem, type TraceFilter } from "../filter/index.ts";
import { useProject } from "../session/index.ts";

type Metrics = Answer<"POST /api/v1/span-metrics">;
type Asked = { range: RangeSearch; filter: TraceFilter };

const FAILED = "status:error";
const TOTALS = [
  "count",
  "traces",
  "errors",
  "latencyP50Ms",
  "latencyP90Ms",
  "latencyP95Ms",
  "latencyP99Ms",
  "costUsd",
  "totalTokens",
];

/** How many there were and how many of them failed, step by step. */
export type Histogram = {
  readonly times: readonly number[];
  readonly stepSeconds: number;
  readonly all: readonly number[];
  readonly failed: readonly number[];
};

/** What the list counts over time, and how much and how fast all of it was together. */
export function useListMetrics({ range, filter }: Asked, counted: "traces" | "count") {
  const { id, client } = useProject();
  const shared = {
    enabled: findProblem(filter) === undefined,
    placeholderData: keepPreviousData,
    refetchInterval: isRelative(range) && (30_000 as const),
  };
  const ask = (
    rest: { measures: string[]; dimensions: string[]; cohorts?: { name: string; where: TraceFilter }[] },
    signal: AbortSignal,
  ) => client.call("POST /api/v1/span-metrics", { body: { ...resolveRange(range), where: filter, ...rest }, signal });
  const histogram = useQuery({
    ...shared,
    queryKey: ["list-histogram", id, range, filter, counted],
    queryFn: async ({ signal }) => {
      const cohorts = [
        { name: "all", where: {} },
        { name: "failed", where: { filter: FAILED } },
      ];
      return histogramOf(await ask({ measures: [counted], dimensions: ["time"], cohorts }, signal), counted);
    },
  });
  const totals = useQuery({
    ...shared,
    queryKey: ["list-totals", id, range, filter],
    queryFn: async ({ signal }) => (await ask({ measures: TOTALS, dimensions: [] }, signal)).rows[0]?.values,
  });
  return { histogram, totals };
}

/** The rows of two cohorts over time, side by side. Where nothing at all happened there are no rows. */
export function histogramOf({ rows, intervalSeconds }: Metrics, counted: string): Histogram {
  const times = [...new Set(rows.map(({ group }) => Date.parse(group.time ?? "") / 1000))].toSorted((a, b) => a - b);
  const places = new Map(times.map((time, index) => [time, index]));
  const count = (cohort: string) => {
    const counts = times.map(() => 0);
    for (const { group, values } of rows) {
      const place = places.get(Date.parse(group.time ?? "") / 1000);
      if (group.cohort === cohort && place !== undefined) counts[place] = values[counted] ?? 0;
    }
    return counts;
  };
  return { times, stepSeconds: intervalSeconds ?? 60, all: count("all"), failed: count("failed") };
}
