import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Limit = Answer<"GET /api/v1/limits">["items"][number];
export type LimitUsage = Limit["usage"][number];
type NewLimit = RequestFor<"POST /api/v1/limits">["body"];
type LimitChange = RequestFor<"PATCH /api/v1/limits/:limitId">["body"];

/** Polled while the page is open, because calls use the limits continuously. */
const REFRESH_MS = 5_000;

export function useLimits() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["limits", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/limits", { signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** Changes to limits, which are reloaded afterwards. */
export function useLimitChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["limits"] });
  return {
    create: useMutation({ mutationFn: (body: NewLimit) => client.call("POST /api/v1/limits", { body }), onSuccess }),
    update: useMutation({
      mutationFn: ({ limitId, body }: { limitId: string; body: LimitChange }) =>
        client.call("PATCH /api/v1/limits/:limitId", { params: { limitId }, body }),
      meta: { failure: "The limit was not changed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (limitId: string) => client.call("DELETE /api/v1/limits/:limitId", { params: { limitId } }),
      meta: { failure: "The limit was not deleted" },
      onSuccess,
    }),
    recompute: useMutation({
      mutationFn: (limitId: string) => client.call("POST /api/v1/limits/:limitId/recompute", { params: { limitId } }),
      meta: { failure: "The usage was not counted again" },
      onSuccess,
    }),
  };
}
