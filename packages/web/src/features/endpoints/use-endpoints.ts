import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../api.ts";
import { useProject } from "../session/index.ts";

export type Endpoint = Answer<"GET /api/v1/endpoints">["items"][number];
export type EndpointInput = RequestFor<"POST /api/v1/endpoints">["body"];

export function useEndpoints() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["endpoints", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/endpoints", { signal }),
  });
}

/** The names that a target or a fallback can be. */
export function useTargetNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["callable-models", id],
    enabled: can("gateway:use"),
    staleTime: 60_000,
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    select: ({ data }) => data.map((model) => model.id),
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["endpoints"] }),
      cache.invalidateQueries({ queryKey: ["callable-models"] }),
    ]);
}

/** Makes an endpoint, or replaces the one with this id. */
export function useSaveEndpoint(endpointId: string | undefined) {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: EndpointInput) =>
      endpointId
        ? client.call("PUT /api/v1/endpoints/:endpointId", { params: { endpointId }, body })
        : client.call("POST /api/v1/endpoints", { body }),
    onSuccess: refresh,
  });
}

export function useDeleteEndpoint() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (endpointId: string) => client.call("DELETE /api/v1/endpoints/:endpointId", { params: { endpointId } }),
    meta: { failure: "The endpoint was not deleted" },
    onSuccess: refresh,
  });
}
