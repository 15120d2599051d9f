import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import { findProblem } from "../filter/index.ts";

/** The measures of the comparison, ten in each question. */
export const COUNTS = [
  "count",
  "traces",
  "users",
  "sessions",
  "errors",
  "errorRate",
  "cacheHitRate",
  "requests",
  "totalTokens",
  "costUsd",
];
export const TIMES = [
  "latencyAvgMs",
  "latencyP50Ms",
  "latencyP90Ms",
  "latencyP95Ms",
  "latencyP99Ms",
  "timeToFirstTokenP50Ms",
  "timeToFirstTokenP95Ms",
  "outputTokens",
];

type Asked = { a: string; b: string; range: RangeSearch };

/** The same questions of two sets of spans: all together, and their latency over time. */
export function useComparison({ a, b, range }: Asked) {
  const { id, client } = useProject();
  const cohorts = [
    { name: "A", where: a ? { filter: a } : {} },
    { name: "B", where: b ? { filter: b } : {} },
  ];
  const enabled = !findProblem({ filter: a }) && !findProblem({ filter: b });
  const ask = (measures: string[], dimensions: string[], signal: AbortSignal) =>
    client.call("POST /api/v1/span-metrics", {
      body: { ...resolveRange(range), measures, dimensions, cohorts },
      signal,
    });
  return {
    totals: useQuery({
      queryKey: ["comparison", id, a, b, range],
      enabled,
      placeholderData: keepPreviousData,
      async queryFn({ signal }) {
        const [counts, times] = await Promise.all([ask(COUNTS, [], signal), ask(TIMES, [], signal)]);
        const valuesOf = (cohort: string) =>
          Object.assign(
            {},
            ...[...counts.rows, ...times.rows]
              .filter(({ group }) => group.cohort === cohort)
              .map(({ values }) => values),
          ) as Readonly<Record<string, number | null>>;
        return { columns: [...counts.columns, ...times.columns], a: valuesOf("A"), b: valuesOf("B") };
      },
    }),
    overTime: useQuery({
      queryKey: ["comparison-time", id, a, b, range],
      enabled,
      placeholderData: keepPreviousData,
      queryFn: ({ signal }) => ask(["latencyP95Ms", "errorRate"], ["time"], signal),
    }),
  };
}
export type Comparison = ReturnType<typeof useComparison>;
