import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Rule = Answer<"GET /api/v1/annotation-queues/:queueId/rules">["items"][number];
export type RuleBody = RequestFor<"POST /api/v1/annotation-queues/:queueId/rules">["body"];
type RulePatch = RequestFor<"PATCH /api/v1/annotation-queues/:queueId/rules/:ruleId">["body"];

const REFRESH_MS = 10_000;

/** The rules that add traces to a queue. */
export function useRules(queueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "rules", queueId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/annotation-queues/:queueId/rules", { params: { queueId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function useRuleChanges(queueId: string) {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["annotation"] });
  return {
    create: useMutation({
      mutationFn: (body: RuleBody) =>
        client.call("POST /api/v1/annotation-queues/:queueId/rules", { params: { queueId }, body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ ruleId, ...body }: { ruleId: string } & RulePatch) =>
        client.call("PATCH /api/v1/annotation-queues/:queueId/rules/:ruleId", { params: { queueId, ruleId }, body }),
      meta: { failure: "The rule was not changed" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (ruleId: string) =>
        client.call("DELETE /api/v1/annotation-queues/:queueId/rules/:ruleId", { params: { queueId, ruleId } }),
      meta: { failure: "The rule was not deleted" },
      onSuccess,
    }),
  };
}
