import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Agreement = Answer<"GET /api/v1/live-scoring/:ruleId/agreement">["items"][number];
export type AgreementDay = Answer<"GET /api/v1/live-scoring/:ruleId/agreement/:agreementId/days">["items"][number];
type NewAgreement = RequestFor<"POST /api/v1/live-scoring/:ruleId/agreement">["body"];

const CHART_DAYS = 90;

export function useAgreements(ruleId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["live-agreements", id, ruleId],
    queryFn: ({ signal }) => client.call("GET /api/v1/live-scoring/:ruleId/agreement", { params: { ruleId }, signal }),
    // The first evaluation takes a few seconds.
    refetchInterval: 5_000,
  });
}

/** The last 90 evaluated days, oldest first. */
export function useAgreementDays({ ruleId, agreementId, lastDay }: Agreement) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["live-agreement-days", id, agreementId, lastDay],
    queryFn: async ({ signal }) => {
      const { items } = await client.call("GET /api/v1/live-scoring/:ruleId/agreement/:agreementId/days", {
        params: { ruleId, agreementId },
        query: { limit: CHART_DAYS },
        signal,
      });
      return items.toReversed();
    },
  });
}

export function useAgreementChanges(ruleId: string) {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["live-agreements"] });
  const paramsOf = (agreementId: string) => ({ params: { ruleId, agreementId } });
  return {
    create: useMutation({
      mutationFn: (body: NewAgreement) =>
        client.call("POST /api/v1/live-scoring/:ruleId/agreement", { params: { ruleId }, body }),
      onSuccess,
    }),
    accept: useMutation({
      mutationFn: (agreementId: string) =>
        client.call("POST /api/v1/live-scoring/:ruleId/agreement/:agreementId/accept", paramsOf(agreementId)),
      meta: { failure: "The new rate was not accepted" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (agreementId: string) =>
        client.call("DELETE /api/v1/live-scoring/:ruleId/agreement/:agreementId", paramsOf(agreementId)),
      meta: { failure: "The agreement was not deleted" },
      onSuccess,
    }),
  };
}
