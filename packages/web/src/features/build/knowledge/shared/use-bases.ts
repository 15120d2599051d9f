import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { isBusy } from "./base-work.ts";

export type Base = Answer<"GET /api/v1/knowledge/:knowledgeBaseId">;
export type BaseInput = RequestFor<"POST /api/v1/knowledge">["body"];
export type BasePatch = NonNullable<RequestFor<"PATCH /api/v1/knowledge/:knowledgeBaseId">["body"]>;

/** How often a base is read again while documents are parsed and indexed. */
const PACE_MS = 1_500;
const LIST_PACE_MS = 4_000;

/** The project's knowledge bases, newest first, page by page. */
export function useBases(search: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["knowledge", id, "list", search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/knowledge", { query: { limit: 50, cursor, search: search || undefined }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isBusy)) ? LIST_PACE_MS : false),
  });
}

/** One knowledge base, read again while it indexes. */
export function useBase(knowledgeBaseId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/knowledge/:knowledgeBaseId", { params: { knowledgeBaseId }, signal }),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? PACE_MS : false),
  });
}

/** Reloads everything shown about knowledge bases, since a change appears in many places. */
export function useRefreshKnowledge() {
  const cache = useQueryClient();
  // Not awaited: the toast comes immediately, possibly from a component that is gone after the reload.
  return () => void cache.invalidateQueries({ queryKey: ["knowledge"] });
}

export function useCreateBase() {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (body: BaseInput) => client.call("POST /api/v1/knowledge", { body }),
    onSuccess,
  });
}

/** Changes settings. The form shows the error. */
export function useUpdateBase(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (body: BasePatch) =>
      client.call("PATCH /api/v1/knowledge/:knowledgeBaseId", { params: { knowledgeBaseId }, body }),
    onSuccess,
  });
}

export function useDeleteBase() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (knowledgeBaseId: string) =>
      client.call("DELETE /api/v1/knowledge/:knowledgeBaseId", { params: { knowledgeBaseId } }),
    meta: { failure: "The knowledge base was not deleted" },
    // The page of the base may still be open, and would read a base that does not exist.
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["knowledge", id, "list"] }),
  });
}
