import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useProject } from "../session/index.ts";

/** The datasets that can be chosen, by name. */
export function useDatasetChoices() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/datasets", { query: { limit: 200 }, signal }),
    select: ({ items }) => items,
  });
}

/** The newest versions of a dataset. */
export function useVersionChoices(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "version-choices"],
    enabled: datasetId !== "",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/versions", { params: { datasetId }, query: { limit: 100 }, signal }),
    select: ({ items }) => items,
  });
}

/** What a version holds: its splits and its fields. */
export function useVersionStats(datasetId: string, at: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "stats", at],
    enabled: datasetId !== "",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/stats", { params: { datasetId }, query: { at }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** How many items of a version match; a filter that is refused says why. */
export function useItemCount(asked: { datasetId: string; at: string; filter: string }) {
  const { id, client } = useProject();
  const { datasetId, ...query } = asked;
  return useQuery({
    queryKey: ["datasets", id, datasetId, "count", query],
    enabled: datasetId !== "" && query.filter !== "",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/items", {
        params: { datasetId },
        query: { ...query, limit: 1 },
        signal,
      }),
    select: ({ total }) => total,
    retry: false,
  });
}

export function usePromptChoices() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompts", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/prompts", { query: { limit: 200 }, signal }),
    select: ({ items }) => items,
  });
}

/** The models and endpoints that can be named. */
export function useModelNames(): readonly string[] {
  const { id, client } = useProject();
  const list = useQuery({
    queryKey: ["callable-models", id],
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    staleTime: 60_000,
  });
  return list.data?.data.map(({ id: name }) => name) ?? [];
}
