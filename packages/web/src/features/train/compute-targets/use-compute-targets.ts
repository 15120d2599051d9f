import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type ComputeTarget = Answer<"GET /api/v1/compute-targets">["items"][number];
export type NewComputeTarget = RequestFor<"POST /api/v1/compute-targets">["body"];
export type ComputeTargetChange = RequestFor<"PATCH /api/v1/compute-targets/:computeTargetId">["body"];

/** The project's compute targets; no request is sent for users who may not see them. */
export function useComputeTargets() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["compute-targets", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/compute-targets", { signal }),
    enabled: can("compute:read"),
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["compute-targets"] });
}

export function useCreateComputeTarget() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: NewComputeTarget) => client.call("POST /api/v1/compute-targets", { body }),
    onSuccess,
  });
}

export function useUpdateComputeTarget() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ computeTargetId, body }: { computeTargetId: string; body: ComputeTargetChange }) =>
      client.call("PATCH /api/v1/compute-targets/:computeTargetId", { params: { computeTargetId }, body }),
    onSuccess,
  });
}

export function useDeleteComputeTarget() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (computeTargetId: string) =>
      client.call("DELETE /api/v1/compute-targets/:computeTargetId", { params: { computeTargetId } }),
    meta: { failure: "The compute target was not deleted" },
    onSuccess,
  });
}

/** Tests the connection to a cluster. */
export function useTestComputeTarget() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (computeTargetId: string) =>
      client.call("POST /api/v1/compute-targets/:computeTargetId/test", { params: { computeTargetId } }),
  });
}
