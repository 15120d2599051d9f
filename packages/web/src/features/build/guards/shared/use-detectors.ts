import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Detector = Answer<"GET /api/v1/guard-detectors">["items"][number];
export type Figure = Detector["figures"][number];
export type Label = Answer<"GET /api/v1/guard-labels">["items"][number];
type LabelInput = NonNullable<RequestFor<"PUT /api/v1/guard-labels">["body"]>;
const LABELS = "guard-labels";

/** Labels a finding. A label replaces an earlier label of the same user. */
export function useLabel() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: LabelInput) => client.call("PUT /api/v1/guard-labels", { body }),
    meta: { failure: "The label was not stored" },
    async onSuccess() {
      void cache.invalidateQueries({ queryKey: [LABELS] });
      const queryKey = ["guard-detectors"];
      // A first request that began before the label would end with older numbers, and invalidation does not repeat it.
      await cache.cancelQueries({ queryKey });
      await cache.invalidateQueries({ queryKey });
    },
  });
}

/** The detectors with their numbers. */
export function useDetectors() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["guard-detectors", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/guard-detectors", { query: { limit: 200 }, signal }),
  });
}

/** The labels of a detector's findings, newest first. */
export function useLabels(detector: string, isRight: boolean) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: [LABELS, id, detector, isRight],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/guard-labels", {
        query: { detector, isRight: isRight ? "true" : "false", limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
