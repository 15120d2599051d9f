import { useMutation, useQuery } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

export type DatasetMap = Answer<"GET /api/v1/datasets/:datasetId/maps/:mapId">;
export type MapInput = RequestFor<"POST /api/v1/datasets/:datasetId/maps">["body"];

/** The newest maps of a dataset. */
export function useMaps(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-maps", id, datasetId],
    queryFn: ({ signal }) => client.call("GET /api/v1/datasets/:datasetId/maps", { params: { datasetId }, signal }),
  });
}

/** One map with its points; a map never changes. */
export function useMap(datasetId: string, mapId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["dataset-map", id, datasetId, mapId],
    enabled: mapId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/maps/:mapId", {
        params: { datasetId, mapId: mapId ?? "" },
        signal,
      }),
  });
}

export function useMakeMap(datasetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    mutationFn: (body: MapInput) =>
      client.call("POST /api/v1/datasets/:datasetId/maps", { params: { datasetId }, body }),
    onSuccess,
  });
}
