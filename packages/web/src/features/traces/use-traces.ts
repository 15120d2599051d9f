import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type Answer, ApiError, isPassing } from "../../api.ts";
import { isRelative, type RangeSearch, resolveRange, type TimeRange } from "../../components/time-range.ts";
import { useProject } from "../session/index.ts";
import type { TraceFilter } from "./trace-filter.ts";

export type SpanSummary = Answer<"GET /api/v1/spans">["items"][number];
export type TraceSummary = Answer<"GET /api/v1/traces">["items"][number];
export type Trace = Answer<"GET /api/v1/traces/:traceId">;
export type Span = Trace["spans"][number];

export const ORDERS = [
  "startTime",
  "durationMs",
  "costUsd",
  "inputTokens",
  "outputTokens",
  "timeToFirstTokenMs",
] as const;
export type Order = { order: (typeof ORDERS)[number]; direction: "asc" | "desc" };

const PAGE = 100;
/** An empty list is looked at again by itself: the call that was just made is on its way to the store. */
const WHILE_EMPTY = 3_000;
type PageParam = { cursor?: string; range: TimeRange } | undefined;

type ListQuery = { range: RangeSearch; filter: TraceFilter };

/** Spans page by page. The time is fixed when the first page is loaded, so that later pages join it without a gap or a jump. */
export function useSpans({ range, filter, order }: ListQuery & { order: Order }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["spans", id, range, filter, order],
    initialPageParam: undefined as PageParam,
    async queryFn({ pageParam, signal }) {
      const time = pageParam?.range ?? resolveRange(range);
      const query = { ...filter, ...order, ...time, limit: PAGE, cursor: pageParam?.cursor };
      return { ...(await client.call("GET /api/v1/spans", { query, signal })), range: time };
    },
    getNextPageParam: (page) => (page.nextCursor ? { cursor: page.nextCursor, range: page.range } : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => isRelative(range) && state.data?.pages[0]?.items.length === 0 && WHILE_EMPTY,
  });
}

/** Traces that have a span which matches, page by page, newest first. */
export function useTraces({ range, filter }: ListQuery) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["traces", id, range, filter],
    initialPageParam: undefined as PageParam,
    async queryFn({ pageParam, signal }) {
      const time = pageParam?.range ?? resolveRange(range);
      const query = { ...filter, ...time, limit: PAGE, cursor: pageParam?.cursor };
      return { ...(await client.call("GET /api/v1/traces", { query, signal })), range: time };
    },
    getNextPageParam: (page) => (page.nextCursor ? { cursor: page.nextCursor, range: page.range } : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => isRelative(range) && state.data?.pages[0]?.items.length === 0 && WHILE_EMPTY,
  });
}

const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404;

/** One trace with everything in it. One that is not there may still be on its way to the store, so it is looked for on and on. */
export function useTrace(traceId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["trace", id, traceId],
    queryFn: ({ signal }) => client.call("GET /api/v1/traces/:traceId", { params: { traceId }, signal }),
    staleTime: 5_000,
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 3 && (isMissing(error) || isPassing(error)),
    retryDelay: 800,
    refetchInterval: ({ state }) => isMissing(state.error) && WHILE_EMPTY,
  });
}

export const VALUE_FIELDS = ["model", "provider", "endpoint", "userId", "sessionId", "tag"] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

/** The values a field takes in this time, most frequent first, for completion. */
export function useSpanValues(field: ValueField | undefined, range: RangeSearch, prefix: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["span-values", id, field, range, prefix],
    enabled: field !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/span-values", {
        query: { field: field ?? "model", ...resolveRange(range), prefix: prefix || undefined },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}
