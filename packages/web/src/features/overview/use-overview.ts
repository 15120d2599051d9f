import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../api.ts";
import { isRelative, type RangeSearch, resolveRange, type TimeRange } from "../../components/time-range.ts";
import type { TraceFilter } from "../filter/index.ts";
import { useProject } from "../session/index.ts";

type Whole = Answer<"GET /api/v1/overview">;
export type Totals = Whole["totals"];
export type Overview = Whole & {
  /** The time just before, in as many buckets, when it is compared with. */
  readonly before?: Pick<Whole, "buckets" | "models">;
};
/** What is looked at: when, which spans, and whether the time before is laid beside it. */
export type Looked = { readonly range: RangeSearch; readonly filter: TraceFilter; readonly isCompared: boolean };

const BUCKETS = 48;
export const REFRESH_MS = 30_000;

/** Traffic, errors, latency, tokens and cost over time. A relative time moves on every 30 seconds. */
export function useOverview({ range, filter, isCompared }: Looked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["overview", id, range, filter, isCompared],
    queryFn: async ({ signal }): Promise<Overview> => {
      const time = resolveRange(range);
      const ask = (of: TimeRange) =>
        client.call("GET /api/v1/overview", { query: { ...filter, ...of, buckets: BUCKETS }, signal });
      const [now, before] = await Promise.all([ask(time), isCompared ? ask(justBefore(time)) : undefined]);
      return { ...now, ...(before && { before }) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: isRelative(range) && REFRESH_MS,
  });
}

/** The span of time of the same length that ends where this one begins. */
function justBefore({ from, to }: TimeRange): TimeRange {
  const length = Date.parse(to) - Date.parse(from);
  return { from: new Date(Date.parse(from) - length).toISOString(), to: from };
}
