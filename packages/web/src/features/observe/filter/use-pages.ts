import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { isRelative, type RangeSearch, resolveRange, type TimeRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import type { TraceFilter } from "./filter-address.ts";
import { findProblem } from "./find-problem.ts";

const PAGE = 100;
/** An empty list is looked at again by itself: the call that was just made is on its way to the store. */
const WHILE_EMPTY = 3_000;

type PageQuery = TimeRange & { filter: string | undefined; limit: number; cursor: string | undefined };
type Page = { items: readonly unknown[]; nextCursor: string | null };
type Place = { cursor: string; time: TimeRange } | undefined;
type Pages<One extends Page> = {
  range: RangeSearch;
  filter: TraceFilter;
  load: (query: PageQuery, signal: AbortSignal) => Promise<One>;
};

/** A list page by page. The time is fixed when the first page is loaded, so that later pages join it without a gap or a jump. */
export function usePages<One extends Page>(key: readonly unknown[], { range, filter, load }: Pages<One>) {
  const { id } = useProject();
  return useInfiniteQuery({
    queryKey: [key[0], id, range, filter, ...key.slice(1)],
    enabled: findProblem(filter) === undefined,
    initialPageParam: undefined as Place,
    async queryFn({ pageParam, signal }) {
      const time = pageParam?.time ?? resolveRange(range);
      const query = { ...time, filter: filter.filter, limit: PAGE, cursor: pageParam?.cursor };
      return { ...(await load(query, signal)), time };
    },
    getNextPageParam: (page): Place => (page.nextCursor ? { cursor: page.nextCursor, time: page.time } : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => isRelative(range) && state.data?.pages[0]?.items.length === 0 && WHILE_EMPTY,
  });
}
