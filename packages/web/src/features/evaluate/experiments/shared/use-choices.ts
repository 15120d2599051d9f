import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";

/** The splits and fields of a version. */
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

/** The number of matching items; an invalid filter returns its error. */
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

/** The models and endpoints to choose from. */
export function useModelNames(): readonly string[] {
  const { id, client } = useProject();
  const list = useQuery({
    queryKey: ["callable-models", id],
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    staleTime: 60_000,
  });
  return list.data?.data.map(({ id: name }) => name) ?? [];
}
