import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseFilter, type ScoreState } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useSettled } from "../../../components/browser/use-settled.ts";
import { useProject } from "../../system/session/index.ts";

export type LiveRule = Answer<"GET /api/v1/live-scoring">["items"][number];
export type LiveScore = Answer<"GET /api/v1/live-scoring/:ruleId/scores">["items"][number];
type NewRule = RequestFor<"POST /api/v1/live-scoring">["body"];
type RuleChange = RequestFor<"PATCH /api/v1/live-scoring/:ruleId">["body"];
type Matching = Pick<LiveRule, "filter" | "target" | "samplingRate">;

/** Polled while the page is open, because spans are scored continuously. */
const REFRESH_MS = 5_000;
const SCORES_AT_ONCE = 50;

export function useLiveRules() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["live-rules", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/live-scoring", { signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** How many spans of the last day match; requested after typing stops and the filter is valid. */
export function usePreview(matching: Matching) {
  const { id, client } = useProject();
  const { filter, target, samplingRate } = useSettled(matching);
  return useQuery({
    queryKey: ["live-preview", id, filter, target, samplingRate],
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/live-scoring/preview", { body: { filter, target, samplingRate }, signal }),
    enabled: parseFilter(filter).problems.length === 0 && samplingRate > 0 && samplingRate <= 1,
    placeholderData: keepPreviousData,
  });
}

/** The scores of a rule, newest first. */
export function useLiveScores(ruleId: string, state: ScoreState | undefined) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["live-scores", id, ruleId, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/live-scoring/:ruleId/scores", {
        params: { ruleId },
        query: { limit: SCORES_AT_ONCE, cursor, state },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Changes to rules, which are reloaded afterwards. `failure` is the toast for a change without a form. */
export function useRuleChanges(failure?: string) {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["live-rules"] });
  return {
    create: useMutation({
      mutationFn: (body: NewRule) => client.call("POST /api/v1/live-scoring", { body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ ruleId, body }: { ruleId: string; body: RuleChange }) =>
        client.call("PATCH /api/v1/live-scoring/:ruleId", { params: { ruleId }, body }),
      meta: { failure },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (ruleId: string) => client.call("DELETE /api/v1/live-scoring/:ruleId", { params: { ruleId } }),
      meta: { failure: "The rule was not deleted" },
      onSuccess,
    }),
    backfill: useMutation({
      mutationFn: ({ ruleId, from }: { ruleId: string; from: string }) =>
        client.call("POST /api/v1/live-scoring/:ruleId/backfill", { params: { ruleId }, body: { from } }),
      meta: { failure: "Scoring past spans did not start" },
    }),
  };
}
