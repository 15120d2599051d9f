import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Role } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { sessionQuery, useProject } from "../session/index.ts";

export type ApiKey = Answer<"GET /api/v1/api-keys">["items"][number];
export type Member = Answer<"GET /api/v1/members">["items"][number];
export type AuditEntry = Answer<"GET /api/v1/audit-entries">["items"][number];

const nextOf = (page: { nextCursor: string | null }) => page.nextCursor ?? undefined;
const FIRST: string | undefined = undefined;

export function useApiKeys() {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["api-keys", id],
    initialPageParam: FIRST,
    queryFn: ({ pageParam: cursor, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      client.call("GET /api/v1/api-keys", { query: { limit: 100, cursor }, signal }),
    getNextPageParam: nextOf,
  });
}

export function useMembers() {
  const { id, client, can } = useProject();
  return useInfiniteQuery({
    queryKey: ["members", id],
    enabled: can("members:read"),
    initialPageParam: FIRST,
    queryFn: ({ pageParam: cursor, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      client.call("GET /api/v1/members", { query: { limit: 100, cursor }, signal }),
    getNextPageParam: nextOf,
  });
}

export type AuditKind = "any" | "changes" | "reads";

export function useAuditEntries(kind: AuditKind) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["audit-entries", id, kind],
    initialPageParam: FIRST,
    queryFn: ({ pageParam: cursor, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      client.call("GET /api/v1/audit-entries", { query: { kind, limit: 50, cursor }, signal }),
    getNextPageParam: nextOf,
  });
}

function useRefresh(key: string) {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: [key] });
}

export function useCreateApiKey() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: RequestFor<"POST /api/v1/api-keys">["body"]) => client.call("POST /api/v1/api-keys", { body }),
    onSuccess: useRefresh("api-keys"),
  });
}

export function useRevokeApiKey() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (apiKeyId: string) => client.call("DELETE /api/v1/api-keys/:apiKeyId", { params: { apiKeyId } }),
    meta: { failure: "The key was not revoked" },
    onSuccess: useRefresh("api-keys"),
  });
}

export function useInviteMember() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: { email: string; name?: string; role: Role }) => client.call("POST /api/v1/members", { body }),
    onSuccess: useRefresh("members"),
  });
}

export function useUpdateMember() {
  const { client } = useProject();
  return useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: Role }) =>
      client.call("PATCH /api/v1/members/:userId", { params: { userId }, body: { role } }),
    meta: { failure: "The role was not changed" },
    onSettled: useRefresh("members"),
  });
}

export function useRemoveMember() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (userId: string) => client.call("DELETE /api/v1/members/:userId", { params: { userId } }),
    meta: { failure: "The member was not removed" },
    onSuccess: useRefresh("members"),
  });
}

export function useRenameProject() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      client.call("PATCH /api/v1/projects/:projectId", { params: { projectId: id }, body: { name } }),
    onSuccess: () => cache.invalidateQueries(sessionQuery),
  });
}
