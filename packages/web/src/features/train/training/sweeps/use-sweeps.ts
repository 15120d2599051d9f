import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import type { SweepListSearch } from "../shared/training-search.ts";

export type Sweep = Answer<"GET /api/v1/sweeps/:sweepId">;
export type SweepHead = Answer<"GET /api/v1/sweeps">["items"][number];
export type Trial = Sweep["trialList"][number];
export type SweepBody = RequestFor<"POST /api/v1/sweeps">["body"];

const PACE_MS = 2_000;
export const isSearching = ({ status }: Pick<Sweep, "status">): boolean => status === "queued" || status === "running";

/** The project's sweeps page by page, newest first. */
export function useSweeps({ search }: SweepListSearch) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["sweeps", id, "list", search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/sweeps", { query: { limit: 50, cursor, search: search ?? "" }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isSearching)) ? 4_000 : false),
  });
}

export function useSweep(sweepId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["sweeps", id, sweepId],
    queryFn: ({ signal }) => client.call("GET /api/v1/sweeps/:sweepId", { params: { sweepId }, signal }),
    refetchInterval: ({ state }) => (state.data && isSearching(state.data) ? PACE_MS : false),
  });
}

/** Changes to sweeps. Each one reloads everything shown about sweeps. */
export function useSweepChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["sweeps"] });
  return {
    start: useMutation({
      mutationFn: (body: SweepBody) => client.call("POST /api/v1/sweeps", { body }),
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (sweepId: string) => client.call("POST /api/v1/sweeps/:sweepId/cancel", { params: { sweepId } }),
      meta: { failure: "The sweep was not stopped" },
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (sweepId: string) => client.call("POST /api/v1/sweeps/:sweepId/resume", { params: { sweepId } }),
      meta: { failure: "The sweep was not resumed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (sweepId: string) => client.call("DELETE /api/v1/sweeps/:sweepId", { params: { sweepId } }),
      meta: { failure: "The sweep was not deleted" },
      onSuccess,
    }),
  };
}
