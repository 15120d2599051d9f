import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useProject } from "../../system/session/index.ts";

/** Cancels a job. */
export function useJobActions() {
  const { client, can } = useProject();
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: (jobId: string) => client.call("POST /api/v1/jobs/:jobId/cancel", { params: { jobId } }),
    meta: { failure: "The run was not canceled" },
    onSuccess: () => cache.invalidateQueries(),
  });
  return { ...cancel, isAllowed: can("jobs:write") };
}
