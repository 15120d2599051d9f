import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useEffect } from "react";
import { type Answer, readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type AnchorSet = Answer<"GET /api/v1/anchor-sets">["items"][number];

/** Polled while the page is open, because sets are scored automatically. */
const REFRESH_MS = 5_000;

/** The anchor sets of a scorer. Reloads the calibrations when a set was scored. */
export function useAnchorSets(scorerId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const sets = useQuery({
    queryKey: ["anchor-sets", id, scorerId],
    queryFn: ({ signal }) =>
      readAllPages((page) => client.call("GET /api/v1/anchor-sets", { query: { ...page, scorer: scorerId }, signal })),
    refetchInterval: REFRESH_MS,
    select: ({ items }) => items,
  });
  const judged = sets.data?.map(({ latest }) => latest?.calibrationId).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per finished check.
  useEffect(() => void cache.invalidateQueries({ queryKey: ["calibrations"] }), [cache, judged]);
  return sets;
}

export function useAnchorChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["anchor-sets"] });
    void cache.invalidateQueries({ queryKey: ["calibrations"] });
  };
  return {
    create: useMutation({
      mutationFn: (body: RequestFor<"POST /api/v1/anchor-sets">["body"]) =>
        client.call("POST /api/v1/anchor-sets", { body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ anchorId, isEnabled }: { anchorId: string; isEnabled: boolean }) =>
        client.call("PATCH /api/v1/anchor-sets/:anchorId", { params: { anchorId }, body: { isEnabled } }),
      meta: { failure: "The anchor set was not changed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (anchorId: string) => client.call("DELETE /api/v1/anchor-sets/:anchorId", { params: { anchorId } }),
      meta: { failure: "The anchor set was not deleted" },
      onSuccess,
    }),
    check: useMutation({
      mutationFn: (anchorId: string) =>
        client.call("POST /api/v1/anchor-sets/:anchorId/check", { params: { anchorId } }),
      meta: { failure: "The anchor set was not scored again" },
      onSuccess,
    }),
  };
}
