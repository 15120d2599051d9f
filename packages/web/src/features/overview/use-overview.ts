import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../components/time-range.ts";
import type { TraceFilter } from "../filter/index.ts";
import { useProject } from "../session/index.ts";

export type Overview = Answer<"GET /api/v1/overview">;
export type Totals = Overview["totals"];

const BUCKETS = 48;

/** Traffic, errors, latency, tokens and cost over time. A relative time moves on every 30 seconds. */
export function useOverview(range: RangeSearch, filter: TraceFilter) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["overview", id, range, filter],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/overview", { query: { ...filter, ...resolveRange(range), buckets: BUCKETS }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: isRelative(range) && 30_000,
  });
}
