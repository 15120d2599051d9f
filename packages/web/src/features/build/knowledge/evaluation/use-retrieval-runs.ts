import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

const RUNS = "/api/v1/question-sets/:questionSetId/runs";
const RUN = "/api/v1/retrieval-runs/:retrievalRunId";

export type RetrievalRun = Answer<`GET ${typeof RUN}`>;
export type RunInput = NonNullable<RequestFor<`POST ${typeof RUNS}`>["body"]>;
export type RetrievalComparison = Answer<`GET ${typeof RUN}/compare`>;

const PACE_MS = 1_500;
export const isActive = ({ state }: RetrievalRun) => state === "queued" || state === "running";

/** The runs of a set, newest first. They are read again while one is active. */
export function useRetrievalRuns(questionSetId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["retrieval-runs", id, questionSetId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call(`GET ${RUNS}`, { params: { questionSetId }, query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isActive)) ? PACE_MS : false),
  });
}

function useRefreshRuns() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["retrieval-runs"] });
}

/** The form shows the error. */
export function useStartRun(questionSetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshRuns();
  return useMutation({
    mutationFn: (body: RunInput) => client.call(`POST ${RUNS}`, { params: { questionSetId }, body }),
    meta: { failure: "The run was not started" },
    onSuccess,
  });
}

export function useCancelRun() {
  const { client } = useProject();
  const onSuccess = useRefreshRuns();
  return useMutation({
    mutationFn: (retrievalRunId: string) => client.call(`POST ${RUN}/cancel`, { params: { retrievalRunId } }),
    meta: { failure: "The run was not canceled" },
    onSuccess,
  });
}

export function useDeleteRun() {
  const { client } = useProject();
  const onSuccess = useRefreshRuns();
  return useMutation({
    mutationFn: (retrievalRunId: string) => client.call(`DELETE ${RUN}`, { params: { retrievalRunId } }),
    meta: { failure: "The run was not deleted" },
    onSuccess,
  });
}

type Pair = { readonly base: string; readonly head: string };

/** The paired comparison of two runs. Nothing is read without a pair. */
export function useRunComparison(pair: Pair | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["retrieval-comparison", id, pair?.base, pair?.head],
    enabled: pair !== undefined,
    queryFn: ({ signal }) =>
      client.call(`GET ${RUN}/compare`, {
        params: { retrievalRunId: pair?.head ?? "" },
        query: { base: pair?.base ?? "" },
        signal,
      }),
    retry: false,
  });
}
