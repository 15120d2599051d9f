import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useEffect, useState } from "react";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";
import type { PreferenceSearch } from "./preference-search.ts";

export type Pair = Answer<"GET /api/v1/preferences">["items"][number];
export type Leaderboard = Answer<"GET /api/v1/preferences/leaderboard">;
export type ToDataBody = RequestFor<"POST /api/v1/feedback-to-dataset">["body"];
type CollectFrom = { readonly queueIds: readonly string[]; readonly feedback: boolean };

const STILL_MS = 400;
const QUEUES_AT_ONCE = 50;

export function usePairs({ queue, conflict = "any", search = "" }: PreferenceSearch) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["preferences", id, "pairs", queue, conflict, search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/preferences", {
        query: { limit: 20, cursor, conflict, search, ...(queue && { queueId: queue }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useLeaderboard(queue: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["preferences", id, "leaderboard", queue],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/preferences/leaderboard", { query: queue ? { queueId: queue } : {}, signal }),
  });
}

export function usePreferenceChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["preferences"] });
  return {
    /** The given queues, up to the server's limit per request. */
    collect: useMutation({
      async mutationFn({ queueIds, feedback }: CollectFrom) {
        const found = { pairs: 0, added: 0 };
        for (let at = 0; at === 0 || at < queueIds.length; at += QUEUES_AT_ONCE) {
          const part = queueIds.slice(at, at + QUEUES_AT_ONCE);
          const body = { queueIds: part, feedback: at === 0 && feedback ? {} : null };
          const { pairs, added } = await client.call("POST /api/v1/preferences/collect", { body });
          found.pairs += pairs;
          found.added += added;
        }
        return found;
      },
      onSettled: onSuccess,
    }),
    remove: useMutation({
      mutationFn: (pairId: string) => client.call("DELETE /api/v1/preferences/:pairId", { params: { pairId } }),
      meta: { failure: "The pair was not deleted" },
      onSuccess,
    }),
  };
}

/** A preview of the rows, requested after the form stops changing. */
export function useDryRun(body: ToDataBody) {
  const { id, client } = useProject();
  const text = JSON.stringify(body);
  const [asked, setAsked] = useState({ text, body });
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal requests have the same text.
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ text, body }), STILL_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ["preferences", id, "dry-run", asked.text],
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/feedback-to-dataset", { body: { ...asked.body, isDryRun: true }, signal }),
  });
}

export function useMakeData() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: ToDataBody) => client.call("POST /api/v1/feedback-to-dataset", { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["datasets"] }),
  });
}
