import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { PAIR_OUTCOMES } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import type { VerdictSearch } from "../shared/experiment-search.ts";

export type Judging = Answer<"GET /api/v1/pairwise-judgings/:judgingId">;
export type JudgedPair = NonNullable<Judging["result"]>["pairs"][number];
export type PairVerdict = Answer<"GET /api/v1/pairwise-judgings/:judgingId/verdicts">["items"][number];
export type JudgingEstimate = Answer<"POST /api/v1/pairwise-judgings/estimate">;
export type JudgingBody = RequestFor<"POST /api/v1/pairwise-judgings">["body"];

const PACE_MS = 1_500;
export const isJudging = ({ status }: Pick<Judging, "status">): boolean => status === "queued" || status === "running";

export function useJudging(judgingId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["judgings", id, judgingId],
    queryFn: ({ signal }) => client.call("GET /api/v1/pairwise-judgings/:judgingId", { params: { judgingId }, signal }),
    refetchInterval: ({ state }) => (state.data && isJudging(state.data) ? PACE_MS : false),
  });
}

/** Pairwise comparisons that include a run, or on a dataset; newest first. */
export function useJudgings(asked: { runId?: string | undefined; datasetId?: string | undefined }) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["judgings", id, "list", asked],
    enabled: asked.runId !== undefined || asked.datasetId !== undefined,
    queryFn: ({ signal }) => client.call("GET /api/v1/pairwise-judgings", { query: { limit: 20, ...asked }, signal }),
    select: ({ items }) => items,
    refetchInterval: ({ state }) => (state.data?.items.some(isJudging) ? 2 * PACE_MS : false),
  });
}

/** The verdicts page by page, optionally of one pair and outcome. */
export function useVerdicts(judging: Judging, { pair, outcome }: VerdictSearch) {
  const { id, client } = useProject();
  const [base, head] = pair?.split(",") ?? [];
  const query = { base, head, outcome: PAIR_OUTCOMES.find((one) => one === outcome) };
  const { judgingId, done } = judging;
  return useInfiniteQuery({
    queryKey: ["judgings", id, judgingId, "verdicts", query, done],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/pairwise-judgings/:judgingId/verdicts", {
        params: { judgingId },
        query: { ...query, limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The estimate of a comparison, requested when the form is valid. */
export function useJudgingEstimate(body: JudgingBody | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["judging-estimate", id, body],
    queryFn: body
      ? ({ signal }) => client.call("POST /api/v1/pairwise-judgings/estimate", { body, signal })
      : skipToken,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useJudgingChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["judgings"] });
  return {
    start: useMutation({
      mutationFn: (body: JudgingBody) => client.call("POST /api/v1/pairwise-judgings", { body }),
      meta: { failure: "The comparison was not started" },
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (judgingId: string) =>
        client.call("POST /api/v1/pairwise-judgings/:judgingId/cancel", { params: { judgingId } }),
      meta: { failure: "The comparison was not canceled" },
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (judgingId: string) =>
        client.call("POST /api/v1/pairwise-judgings/:judgingId/resume", { params: { judgingId }, body: {} }),
      meta: { failure: "The comparison was not resumed" },
      onSuccess,
    }),
  };
}
