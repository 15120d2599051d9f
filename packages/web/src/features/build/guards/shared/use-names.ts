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
export type EndpointName = NonNullable<ReturnType<typeof useEndpointNames>["data"]>[number];

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
export type KeyName = NonNullable<ReturnType<typeof useKeyNames>["data"]>[number];

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
