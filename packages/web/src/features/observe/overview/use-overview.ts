import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import type { TraceFilter } from "../filter/index.ts";

export type Overview = Answer<"GET /api/v1/overview">;
export type Totals = Overview["totals"];
/** The selection: time range, filter, and whether to compare with the previous period. */
export type Looked = { readonly range: RangeSearch; readonly filter: TraceFilter; readonly isCompared: boolean };

const BUCKETS = 48;
export const REFRESH_MS = 30_000;

/** Traffic, errors, latency, tokens and cost over time. A relative time moves on every 30 seconds. */
export function useOverview({ range, filter, isCompared }: Looked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["overview", id, range, filter, isCompared],
    queryFn: ({ signal }) => {
      const compare = isCompared ? ("previous" as const) : undefined;
      const query = { ...filter, ...resolveRange(range), buckets: BUCKETS, compare };
      return client.call("GET /api/v1/overview", { query, signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: isRelative(range) && REFRESH_MS,
  });
}
