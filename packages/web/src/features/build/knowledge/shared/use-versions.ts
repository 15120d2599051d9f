import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { type Answer, readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshKnowledge } from "./use-bases.ts";

export type Version = Answer<"GET /api/v1/knowledge/:knowledgeBaseId/versions/:version">;
export type Comparison = Answer<"GET /api/v1/knowledge/:knowledgeBaseId/versions/compare">;

/** The versions of a base, newest first, page by page. */
export function useVersions(knowledgeBaseId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/knowledge/:knowledgeBaseId/versions", {
        params: { knowledgeBaseId },
        query: { limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** The versions that can be searched, newest first. */
export function useVersionChoices(knowledgeBaseId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "version-choices"],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/knowledge/:knowledgeBaseId/versions", { params: { knowledgeBaseId }, query, signal }),
      ),
    select: ({ items }) => items.filter(({ state }) => state === "ready"),
  });
}

type Pair = { readonly from: number; readonly to: number };

/** What differs between two versions. Nothing is read without a pair. */
export function useComparison(knowledgeBaseId: string, pair: Pair | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge-comparison", id, knowledgeBaseId, pair?.from, pair?.to],
    enabled: pair !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/knowledge/:knowledgeBaseId/versions/compare", {
        params: { knowledgeBaseId },
        query: pair ?? { from: 1, to: 1 },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function useSetLive(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (version: number) =>
      client.call("POST /api/v1/knowledge/:knowledgeBaseId/versions/:version/live", {
        params: { knowledgeBaseId, version },
      }),
    meta: { failure: "The live version was not changed" },
    onSuccess,
  });
}

/** Starts the job that indexes the base now. */
export function useBuildVersion(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: () => client.call("POST /api/v1/knowledge/:knowledgeBaseId/versions", { params: { knowledgeBaseId } }),
    meta: { failure: "The version was not built" },
    onSuccess,
  });
}
