import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

const PAGE = 100;
/** The fields shown in the table and its tooltips; the open item is loaded completely. */
const MOST_CHARACTERS = 600;

type Asked = { datasetId: string; at: string; filter: string; sort: string; from: number };

/** The items of a version or a draft page by page, from an offset. */
export function useItems({ datasetId, at, filter, sort, from }: Asked) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["datasets", id, datasetId, "items", at, filter, sort, from],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/items", {
        params: { datasetId },
        query: {
          at,
          filter,
          sort,
          limit: PAGE,
          maxChars: MOST_CHARACTERS,
          cursor,
          ...(cursor === undefined && from > 0 && { from }),
        },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // A list stays visible while it is filtered or sorted, but not when the version changes.
    placeholderData: (previous, query) => (query?.queryKey[4] === at ? keepPreviousData(previous) : undefined),
    // Items are indexed within moments, so reload soon.
    refetchInterval: ({ state }) => {
      const head = state.data?.pages[0];
      return head !== undefined && head.searchedRows < head.rows && (filter !== "" || sort !== "") && 2_000;
    },
    retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
  });
}

/** One complete item. */
export function useItem(asked: { datasetId: string; at: string; itemId: string }) {
  const { id, client } = useProject();
  const { datasetId, at, itemId } = asked;
  return useQuery({
    queryKey: ["datasets", id, datasetId, "item", at, itemId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/items/:itemId", {
        params: { datasetId, itemId },
        query: { at },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** The versions that added, changed or removed an item. */
export function useItemHistory(asked: { datasetId: string; branch: string; itemId: string }) {
  const { id, client } = useProject();
  const { datasetId, branch, itemId } = asked;
  return useQuery({
    queryKey: ["datasets", id, datasetId, "item-history", branch, itemId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/items/:itemId/history", {
        params: { datasetId, itemId },
        query: { branch },
        signal,
      }),
  });
}

/** The statistics of a version or a draft. */
export function useStats(datasetId: string, at: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "stats", at],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/stats", { params: { datasetId }, query: { at }, signal }),
    placeholderData: keepPreviousData,
  });
}

type OfField = { datasetId: string; at: string; filter: string; field: string };

/** The distribution of a field among the matching items. */
export function useDistribution({ datasetId, at, filter, field }: OfField) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "distribution", at, filter, field],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/distribution", {
        params: { datasetId },
        query: { at, filter, field },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}
