import { useMutation, useQuery } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshKnowledge } from "./use-bases.ts";

const ONE = "/api/v1/knowledge/:knowledgeBaseId/sources/:sourceId";

export type Source = Answer<"GET /api/v1/knowledge/:knowledgeBaseId/sources/:sourceId">;
export type SourceInput = RequestFor<"POST /api/v1/knowledge/:knowledgeBaseId/sources">["body"];
export type SourcePatch = NonNullable<RequestFor<`PATCH ${typeof ONE}`>["body"]>;

const PACE_MS = 1_500;

/** The sources of a base, read again while one is synchronised. */
export function useSources(knowledgeBaseId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "sources"],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/knowledge/:knowledgeBaseId/sources", { params: { knowledgeBaseId }, signal }),
    select: ({ items }) => items,
    refetchInterval: ({ state }) => (state.data?.items.some((source) => source.state === "running") ? PACE_MS : false),
  });
}

export function useCreateSource(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (body: SourceInput) =>
      client.call("POST /api/v1/knowledge/:knowledgeBaseId/sources", { params: { knowledgeBaseId }, body }),
    onSuccess,
  });
}

export type SourcePlace = { readonly knowledgeBaseId: string; readonly sourceId: string };

/** Changes settings. The form shows the error. */
export function useUpdateSource(place: SourcePlace) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (body: SourcePatch) => client.call(`PATCH ${ONE}`, { params: place, body }),
    onSuccess,
  });
}

export function useDeleteSource(place: SourcePlace) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: () => client.call(`DELETE ${ONE}`, { params: place }),
    meta: { failure: "The source was not deleted" },
    onSuccess,
  });
}

export function useSyncSource(place: SourcePlace) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: () => client.call(`POST ${ONE}/sync`, { params: place }),
    meta: { failure: "The sync was not started" },
    onSuccess,
  });
}

/** Approves or discards the deletions of a held sync. */
export function useSettleSource(place: SourcePlace) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (verb: "approve" | "discard") =>
      verb === "approve"
        ? client.call(`POST ${ONE}/approve`, { params: place })
        : client.call(`POST ${ONE}/discard`, { params: place }),
    meta: { failure: "The held deletions were not changed" },
    onSuccess,
  });
}
