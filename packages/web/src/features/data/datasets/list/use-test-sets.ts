import { useMutation, useQuery } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

/** The built-in test sets. */
export function useTestSets() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["test-sets", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/test-sets", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCreateFromTestSet() {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    mutationFn: ({ testSetId, name }: { testSetId: string; name: string }) =>
      client.call("POST /api/v1/test-sets/:testSetId/datasets", { params: { testSetId }, body: { name } }),
    onSuccess,
  });
}
