import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Connection = Answer<"GET /api/v1/connections">["items"][number];
export type Preset = Answer<"GET /api/v1/provider-presets">["items"][number];
export type NewConnection = RequestFor<"POST /api/v1/connections">["body"];
export type ConnectionChange = RequestFor<"PATCH /api/v1/connections/:connectionId">["body"];

export function useConnections() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["connections", id],
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/connections", { query, signal })),
  });
}

/** The services that need only a key to connect. */
export function usePresets() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["provider-presets", id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => client.call("GET /api/v1/provider-presets", { signal }),
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["connections"] }),
      cache.invalidateQueries({ queryKey: ["callable-models"] }),
    ]);
}

export function useCreateConnection() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: NewConnection) => client.call("POST /api/v1/connections", { body }),
    onSuccess: refresh,
  });
}

/** `failure` is the toast for a change that is made without a form. */
export function useUpdateConnection(failure?: string) {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ connectionId, body }: { connectionId: string; body: ConnectionChange }) =>
      client.call("PATCH /api/v1/connections/:connectionId", { params: { connectionId }, body }),
    meta: { failure },
    onSuccess: refresh,
  });
}

export function useDeleteConnection() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (connectionId: string) =>
      client.call("DELETE /api/v1/connections/:connectionId", { params: { connectionId } }),
    meta: { failure: "The connection was not deleted" },
    onSuccess: refresh,
  });
}

/** Asks the provider for its models with the stored key. */
export function useTestConnection() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (connectionId: string) =>
      client.call("POST /api/v1/connections/:connectionId/test", { params: { connectionId } }),
  });
}
