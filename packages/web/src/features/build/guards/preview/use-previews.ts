import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Preview = Answer<"GET /api/v1/guard-previews/:previewId">;
export type PreviewResult = NonNullable<Preview["result"]>;
export type PreviewShare = PreviewResult["affected"];
export type PreviewGroup = PreviewResult["byDay"][number];
export type Example = PreviewResult["examples"][number];
export type PreviewInput = NonNullable<RequestFor<"POST /api/v1/guard-previews">["body"]>;
type LabelInput = NonNullable<RequestFor<"PUT /api/v1/guard-labels">["body"]>;

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

export function useStartPreview() {
  const { client } = useProject();
  return useMutation({ mutationFn: (body: PreviewInput) => client.call("POST /api/v1/guard-previews", { body }) });
}

/** Labels a finding. A label replaces an earlier label of the same user. */
export function useLabel() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: LabelInput) => client.call("PUT /api/v1/guard-labels", { body }),
    meta: { failure: "The label was not stored" },
    async onSuccess() {
      const queryKey = ["guard-detectors"];
      // A first request that began before the label would end with older numbers, and invalidation does not repeat it.
      await cache.cancelQueries({ queryKey });
      await cache.invalidateQueries({ queryKey });
    },
  });
}

/** The detectors with their precision. */
export function useDetectors() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["guard-detectors", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/guard-detectors", { query: { limit: 200 }, signal }),
  });
}
