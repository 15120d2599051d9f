import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useEffect } from "react";
import type { Answer } from "../../api.ts";
import { useProject } from "../session/index.ts";

export type AnchorSet = Answer<"GET /api/v1/anchor-sets">["items"][number];

/** Asked for again while the page is open: sets are judged by themselves. */
const REFRESH_MS = 5_000;

/** The sets of a scorer; when one has been judged anew, so are the calibrations loaded. */
export function useAnchorSets(scorerId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const sets = useQuery({
    queryKey: ["anchor-sets", id, scorerId],
    queryFn: ({ signal }) => client.call("GET /api/v1/anchor-sets", { query: { scorer: scorerId }, signal }),
    refetchInterval: REFRESH_MS,
    select: ({ items }) => items,
  });
  const judged = sets.data?.map(({ latest }) => latest?.calibrationId).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each check that has ended.
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
      meta: { failure: "The set was not changed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (anchorId: string) => client.call("DELETE /api/v1/anchor-sets/:anchorId", { params: { anchorId } }),
      meta: { failure: "The set was not deleted" },
      onSuccess,
    }),
    check: useMutation({
      mutationFn: (anchorId: string) =>
        client.call("POST /api/v1/anchor-sets/:anchorId/check", { params: { anchorId } }),
      meta: { failure: "The set was not judged again" },
      onSuccess,
    }),
  };
}
