import { useMutation, useQuery } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

/** The request without the branch, which comes from the page. */
export type GenerateInput = Omit<RequestFor<"POST /api/v1/datasets/:datasetId/synthesis">["body"], "branch">;
type Place = { datasetId: string; branch: string };

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

/** Generates a few items as a preview. The calls cost money, so this never runs automatically. */
export function useGeneratePreview({ datasetId, branch }: Place) {
  const { client } = useProject();
  return useMutation({
    mutationFn: (input: GenerateInput) =>
      client.call("POST /api/v1/datasets/:datasetId/synthesis/preview", {
        params: { datasetId },
        body: { ...input, branch, tries: 3 },
      }),
  });
}

export function useGenerate({ datasetId, branch }: Place) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    onSuccess,
    mutationFn: (input: GenerateInput) =>
      client.call("POST /api/v1/datasets/:datasetId/synthesis", { params: { datasetId }, body: { ...input, branch } }),
  });
}
