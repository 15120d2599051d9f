import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { ITEM_SORTS, RunItemsQuery } from "@treadle/contract";
import type { Answer } from "../../../../api.ts";
import { ApiError } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { collectIds } from "./collect-ids.ts";
import type { ItemsSearch } from "./experiment-search.ts";
import { useAtEnd } from "./use-at-end.ts";
import { isActive, type Run } from "./use-experiments.ts";

export type RunItem = Answer<"GET /api/v1/runs/:runId/items">["items"][number];
export type Comparison = Answer<"GET /api/v1/runs/compare">;
export type HeadComparison = Comparison["heads"][number];
export type ScorerComparison = HeadComparison["scorers"][number];
export type Paired = HeadComparison["costUsd"];
export type Slices = Answer<"GET /api/v1/runs/:runId/slices">;
export type Frontier = Answer<"GET /api/v1/runs/frontier">;
export type Board = Answer<"GET /api/v1/runs/leaderboard">;

/** Runs get answers and scores while they are active. */
const PACE_MS = 3_000;

const isRefused = (error: unknown) => error instanceof ApiError && error.status < 500 && error.status !== 429;
const retry = (failures: number, error: unknown) => failures < 2 && !isRefused(error);

/** Experiment runs and uploaded runs, newest first. */
export function useRuns(asked: { search: string; datasetId?: string | undefined }) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "list", asked],
    queryFn: ({ signal }) => client.call("GET /api/v1/runs", { query: { limit: 50, ...asked }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Runs by id, in order; missing runs are reported. Active runs are reloaded. */
export function useRunsById(runIds: readonly string[]) {
  const { id, client } = useProject();
  const asked = useQueries({
    queries: runIds.map((runId) => ({
      queryKey: ["runs", id, runId, "head"],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        client.call("GET /api/v1/runs/:runId", { params: { runId }, signal }),
      refetchInterval: ({ state }: { state: { data: Run | undefined } }) =>
        state.data && isActive(state.data) ? PACE_MS : false,
      retry,
    })),
  });
  return {
    runs: asked.flatMap(({ data }) => (data ? [data] : [])),
    error: asked.find(({ error }) => error)?.error ?? null,
    isPending: asked.some(({ isPending }) => isPending),
  };
}

/** Judge scores corrected for judge errors, by run; empty for scorers that were never calibrated. */
export function useCorrections(runIds: readonly string[]) {
  const { id, client } = useProject();
  const asked = useQueries({
    queries: runIds.map((runId) => ({
      queryKey: ["corrections", id, runId],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        client.call("GET /api/v1/runs/:runId/corrections", { params: { runId }, signal }),
      staleTime: 60_000,
      retry,
    })),
  });
  return new Map(runIds.map((runId, place) => [runId, asked[place]?.data?.items ?? []]));
}
export type Correction = Answer<"GET /api/v1/runs/:runId/corrections">["items"][number];

type ItemsAsked = {
  runId: string;
  base: string | undefined;
  /** Other runs whose answers are also shown. */
  also: readonly string[];
  search: ItemsSearch;
  isLive: boolean;
};

/** The items of a run in pages, next to the same items of other runs. */
export function useRunItems({ runId, base, also, search, isLive }: ItemsAsked) {
  const { id, client } = useProject();
  const query = {
    base,
    also: also.length > 0 ? also.join(",") : undefined,
    ...narrowingOf(search),
    changed: base === undefined ? undefined : RunItemsQuery.shape.changed.catch(undefined).parse(search.changed),
    sort: ITEM_SORTS.find((one) => one === search.sort) ?? "position",
  };
  const list = useInfiniteQuery({
    queryKey: ["runs", id, runId, "items", query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/runs/:runId/items", {
        params: { runId },
        query: { ...query, limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous, known) => (known?.queryKey[2] === runId ? previous : undefined),
    refetchInterval: isLive ? PACE_MS : false,
    retry,
  });
  useAtEnd(isLive, list.refetch);
  return list;
}

/** The filter of a list without the filter for changes. */
const narrowingOf = ({ scorer, slice, search, state }: ItemsSearch) => ({
  scorer,
  slice,
  search: search ?? "",
  state: RunItemsQuery.shape.state.catch(undefined).parse(state),
});

/** The maximum number of items that a queue accepts in one request. */
const MOST_REGRESSIONS = 20_000;

/** The regressions of a list: their count, and their ids on request. */
export function useRegressions({ runId, base, search, isLive }: Omit<ItemsAsked, "also">) {
  const { id, client } = useProject();
  const query = { base, ...narrowingOf(search), changed: "worse" as const };
  const load = (page: { limit: number; cursor?: string | undefined }, signal?: AbortSignal) =>
    client.call("GET /api/v1/runs/:runId/items", { params: { runId }, query: { ...query, ...page }, signal });
  const { data: count } = useQuery({
    queryKey: ["runs", id, runId, "regressions", query],
    enabled: base !== undefined,
    queryFn: async ({ signal }) => (await load({ limit: 1 }, signal)).total,
    refetchInterval: isLive ? PACE_MS : false,
    retry,
  });
  return {
    count: count ?? 0,
    loadIds: (): Promise<string[]> => collectIds((cursor) => load({ limit: 200, cursor }), MOST_REGRESSIONS),
  };
}

type CompareAsked = { base: string | undefined; heads: readonly string[]; margin?: number | undefined };

/** Compares runs with a base; no request is sent without both. */
export function useComparison({ base, heads, margin }: CompareAsked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "compare", base, heads, margin],
    enabled: base !== undefined && heads.length > 0,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/runs/compare", { query: { base: base ?? "", heads: heads.join(","), margin }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry,
  });
}

type SlicesAsked = { runId: string; base: string | undefined; scorer: string | undefined; field: string | undefined };

export function useSlices({ runId, ...query }: SlicesAsked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, runId, "slices", query],
    queryFn: ({ signal }) => client.call("GET /api/v1/runs/:runId/slices", { params: { runId }, query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry,
  });
}

/** Quality against cost; no request is sent for a single run. */
export function useFrontier(asked: {
  runs: readonly string[];
  scorer?: string | undefined;
  margin?: number | undefined;
}) {
  const { id, client } = useProject();
  const { runs, scorer, margin } = asked;
  return useQuery({
    queryKey: ["runs", id, "frontier", asked],
    enabled: runs.length > 1,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/runs/frontier", { query: { runs: runs.join(","), scorer, margin }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry,
  });
}

type BoardAsked = { datasetId: string | undefined; scorer: string | undefined; by: "score" | "pairwise" };

export function useLeaderboard(asked: BoardAsked) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "leaderboard", asked],
    enabled: asked.datasetId !== undefined,
    queryFn: ({ signal }) => client.call("GET /api/v1/runs/leaderboard", { query: asked, signal }),
    placeholderData: keepPreviousData,
    retry,
  });
}
