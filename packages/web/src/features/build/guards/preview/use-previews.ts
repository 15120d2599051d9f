import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Preview = Answer<"GET /api/v1/guard-previews/:previewId">;
export type PreviewHead = Answer<"GET /api/v1/guard-previews">["items"][number];
export type PreviewResult = NonNullable<Preview["result"]>;
export type PreviewShare = PreviewResult["affected"];
export type PreviewGroup = PreviewResult["byDay"][number];
export type Example = PreviewResult["examples"][number];
export type PreviewInput = NonNullable<RequestFor<"POST /api/v1/guard-previews">["body"]>;

/** A preview with its result; no request is sent without an id. */
export function usePreview(previewId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["guard-previews", id, previewId],
    enabled: previewId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/guard-previews/:previewId", { params: { previewId: previewId ?? "" }, signal }),
  });
}

/** The previews of a policy, newest first, without their results. */
export function usePreviews(policyId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["guard-previews", id, "of", policyId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/guard-previews", { query: { policyId, limit: 10, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Loads the list of previews again. */
export function useRefreshPreviews() {
  const { id } = useProject();
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["guard-previews", id, "of"] });
}

export function useStartPreview() {
  const { client } = useProject();
  const onSuccess = useRefreshPreviews();
  return useMutation({
    mutationFn: (body: PreviewInput) => client.call("POST /api/v1/guard-previews", { body }),
    onSuccess,
  });
}

export function useDeletePreview() {
  const { client } = useProject();
  const onSuccess = useRefreshPreviews();
  return useMutation({
    mutationFn: (previewId: string) =>
      client.call("DELETE /api/v1/guard-previews/:previewId", { params: { previewId } }),
    meta: { failure: "The preview was not deleted" },
    onSuccess,
  });
}
