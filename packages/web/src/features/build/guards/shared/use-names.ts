import { useQuery } from "@tanstack/react-query";
import { readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Names } from "./scope-words.ts";

/** The endpoints with their variants; empty without permission. */
export function useEndpointNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["endpoints", id, "names"],
    enabled: can("endpoints:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/endpoints", { query, signal })),
    select: ({ items }) =>
      items.map(({ endpointId, name, variants }) => ({ endpointId, name, variants: variants.map((one) => one.name) })),
  });
}

/** The API keys; empty without permission. */
export function useKeyNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["api-keys", id, "names"],
    enabled: can("keys:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/api-keys", { query, signal })),
    select: ({ items }) => items.map(({ apiKeyId, name, hint }) => ({ apiKeyId, name, hint })),
  });
}

/** The endpoints and models that calls can name, by their owners; undefined without permission. */
export function useModelGroups() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["callable-models", id],
    enabled: can("gateway:use"),
    staleTime: 60_000,
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    select: ({ data }) => Map.groupBy(data, ({ owned_by }) => owned_by),
  });
}

/** The connections with their models; undefined without permission. */
export function useConnectionNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["connections", id],
    enabled: can("connections:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/connections", { query, signal })),
    select: ({ items }) => items.map(({ slug, name, models }) => ({ slug, name, models })),
  });
}

function useMemberNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["members", id, "names"],
    enabled: can("members:read"),
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/members", { query, signal })),
    select: ({ items }) => items.map(({ userId, name, email }) => [userId, name || email] as const),
  });
}

/** The names of the endpoints and keys that policies apply to, by their ids. */
export function useScopeNames(): Names {
  const endpoints = useEndpointNames();
  const keys = useKeyNames();
  return new Map([
    ...(endpoints.data ?? []).map(({ endpointId, name }) => [endpointId, name] as const),
    ...(keys.data ?? []).map(({ apiKeyId, name }) => [apiKeyId, name] as const),
  ]);
}

/** The names of the people and keys that change policies, by their ids. */
export function useActorNames(): Names {
  const members = useMemberNames();
  const keys = useKeyNames();
  return new Map([
    ...(members.data ?? []),
    ...(keys.data ?? []).map(({ apiKeyId, name }) => [apiKeyId, `key ${name}`] as const),
  ]);
}
