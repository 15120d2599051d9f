import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Endpoint = Answer<"GET /api/v1/endpoints">["items"][number];
export type EndpointInput = RequestFor<"POST /api/v1/endpoints">["body"];

export type EndpointVersion = Answer<"GET /api/v1/endpoints/:endpointId/versions">["items"][number];

export function useEndpoints() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["endpoints", id],
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/endpoints", { query, signal })),
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

/** The names of stored prompts. */
export function usePromptNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["prompt-names", id],
    enabled: can("prompts:read"),
    staleTime: 60_000,
    queryFn: ({ signal }) => client.call("GET /api/v1/prompts", { query: { limit: 200 }, signal }),
    select: ({ items }) => items.map(({ name }) => name),
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

/** An endpoint's versions, newest first. */
export function useEndpointVersions(endpointId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["endpoints", id, endpointId, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/endpoints/:endpointId/versions", {
        params: { endpointId },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useRestoreVersion(endpointId: string) {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (version: number) =>
      client.call("POST /api/v1/endpoints/:endpointId/restore", { params: { endpointId }, body: { version } }),
    meta: { failure: "The version was not restored" },
    onSuccess: refresh,
  });
}

/** Creates an endpoint or replaces the endpoint with this id. */
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
