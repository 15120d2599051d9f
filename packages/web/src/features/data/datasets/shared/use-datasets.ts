import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Dataset, DatasetPatch } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import { useProject } from "../../../system/session/index.ts";

type NewDataset = RequestFor<"POST /api/v1/datasets">["body"];

/** The project's datasets by name, page by page. */
export function useDatasets(asked: { search: string; isEvaluation: boolean }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["datasets", id, "list", asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/datasets", {
        query: { limit: 100, cursor, search: asked.search, ...(asked.isEvaluation && { isEvaluation: "true" }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useDataset(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "head"],
    queryFn: ({ signal }) => client.call("GET /api/v1/datasets/:datasetId", { params: { datasetId }, signal }),
  });
}

/** Reloads everything shown about datasets, since a change appears in many places. */
export function useRefreshDatasets() {
  const cache = useQueryClient();
  // Not awaited: the toast comes immediately, possibly from a component that is gone after the reload.
  return () => {
    void cache.invalidateQueries({ queryKey: ["datasets"] });
    void cache.invalidateQueries({ queryKey: ["active-jobs"] });
  };
}

export function useCreateDataset() {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    mutationFn: (body: NewDataset) => client.call("POST /api/v1/datasets", { body }),
    onSuccess,
  });
}

/** `failure` is the toast for a change without a form. */
export function useUpdateDataset(failure?: string) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    mutationFn: ({ datasetId, body }: { datasetId: string; body: DatasetPatch }) =>
      client.call("PATCH /api/v1/datasets/:datasetId", { params: { datasetId }, body }),
    meta: { failure },
    onSuccess,
  });
}

export function useDeleteDataset() {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    mutationFn: ({ datasetId }: Pick<Dataset, "datasetId">) =>
      client.call("DELETE /api/v1/datasets/:datasetId", { params: { datasetId } }),
    meta: { failure: "The dataset was not deleted" },
    onSuccess,
  });
}
