import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Replay = Answer<"GET /api/v1/replays/:replayId">;
export type ReplayBody = RequestFor<"POST /api/v1/replays">["body"];
export type Estimate = Answer<"POST /api/v1/replays/estimate">;
export type Recorded = Estimate["recorded"];
export type OffPolicyBody = RequestFor<"POST /api/v1/replays/off-policy">["body"];
export type OffPolicy = Answer<"POST /api/v1/replays/off-policy">;

const PACE_MS = 2_000;
const ACTIVE: ReadonlySet<Replay["state"]> = new Set(["preparing", "queued", "running"]);
const isActive = ({ state }: Pick<Replay, "state">): boolean => ACTIVE.has(state);

/** The project's replays page by page, newest first. */
export function useReplays() {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["replays", id, "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/replays", { query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isActive)) ? PACE_MS : false),
  });
}

export function useReplay(replayId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["replays", id, replayId],
    queryFn: ({ signal }) => client.call("GET /api/v1/replays/:replayId", { params: { replayId }, signal }),
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? PACE_MS : false),
  });
}

/** What the replay of a form would answer and cost. */
export function useReplayEstimate(body: ReplayBody | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["replay-estimate", id, body],
    enabled: body !== undefined,
    queryFn: async ({ signal }): Promise<Estimate> => {
      if (!body) throw new Error("an estimate needs a whole form");
      return client.call("POST /api/v1/replays/estimate", { body, signal });
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useStartReplay() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: ReplayBody) => client.call("POST /api/v1/replays", { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["replays"] }),
  });
}

/** Computed on demand, since it reads all logged calls of the time range. */
export function useOffPolicy() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: OffPolicyBody) => client.call("POST /api/v1/replays/off-policy", { body }),
  });
}
