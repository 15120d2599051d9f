import { useMutation } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

export function useCreateFromTestSet() {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return useMutation({
    mutationFn: ({ testSetId, name }: { testSetId: string; name: string }) =>
      client.call("POST /api/v1/test-sets/:testSetId/datasets", { params: { testSetId }, body: { name } }),
    onSuccess,
  });
}
