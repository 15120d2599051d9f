import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { ITEM_SORTS, RunItemsQuery } from "@treadle/contract";
import type { Answer } from "../../api.ts";
import { ApiError } from "../../api.ts";
import { useProject } from "../session/index.ts";
import type { ItemsSearch } from "./experiment-search.ts";

export type RunItem = Answer<"GET /api/v1/runs/:runId/items">["items"][number];
export type Comparison = Answer<"GET /api/v1/runs/compare">;
export type HeadComparison = Comparison["heads"][number];
export type ScorerComparison = HeadComparison["scorers"][number];
export type Paired = HeadComparison["costUsd"];
export type Slices = Answer<"GET /api/v1/runs/:runId/slices">;
export type Frontier = Answer<"GET /api/v1/runs/frontier">;
export type Board = Answer<"GET /api/v1/runs/leaderboard">;

const isRefused = (error: unknown) => error instanceof ApiError && error.status < 500 && error.status !== 429;
const retry = (failures: number, error: unknown) => failures < 2 && !isRefused(error);

/** Runs of experiments and uploaded ones, newest first. */
export function useRuns(asked: { search: string; datasetId?: string | undefined }) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "list", asked],
    queryFn: ({ signal }) => client.call("GET /api/v1/runs", { query: { limit: 50, ...asked }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Runs by their ids, in their order; those that are not there are left out and told of. */
export function useRunsById(runIds: readonly string[]) {
  const { id, client } = useProject();
  const asked = useQueries({
    queries: runIds.map((runId) => ({
      queryKey: ["runs", id, runId, "head"],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        client.call("GET /api/v1/runs/:runId", { params: { runId }, signal }),
      retry,
    })),
  });
  return {
    runs: asked.flatMap(({ data }) => (data ? [data] : [])),
    error: asked.find(({ error }) => error)?.error ?? null,
    isPending: asked.some(({ isPending }) => isPending),
  };
}

/** What judged means are once the judges' errors are taken out, by run; empty for scorers that were never calibrated. */
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
  /** Further runs whose answers are shown too. */
  also: readonly string[];
  search: ItemsSearch;
  isLive: boolean;
};

/** The items of a run page by page, beside those of other runs when any are named. */
export function useRunItems({ runId, base, also, search, isLive }: ItemsAsked) {
  const { id, client } = useProject();
  const { scorer, slice, search: words } = search;
  const query = {
    base,
    also: also.length > 0 ? also.join(",") : undefined,
    scorer,
    slice,
    search: words ?? "",
    changed: base === undefined ? undefined : RunItemsQuery.shape.changed.catch(undefined).parse(search.changed),
    state: RunItemsQuery.shape.state.catch(undefined).parse(search.state),
    sort: ITEM_SORTS.find((one) => one === search.sort) ?? "position",
  };
  return useInfiniteQuery({
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
    refetchInterval: isLive ? 3_000 : false,
    retry,
  });
}

type CompareAsked = { base: string | undefined; heads: readonly string[]; margin?: number | undefined };

/** Runs against a base; nothing is asked for without both. */
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

/** Quality against cost; nothing is asked for of a single run. */
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
