import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Required = Answer<"GET /api/v1/required-evaluations">["items"][number];
type Added = RequestFor<"POST /api/v1/required-evaluations">["body"];

/** The evaluations that every trained model must run. */
export function useRequired() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["required-evaluations", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/required-evaluations", { signal }),
    select: ({ items }) => items,
  });
}

export function useRequiredChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["required-evaluations"] });
  return {
    add: useMutation({
      mutationFn: (body: Added) => client.call("POST /api/v1/required-evaluations", { body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (requiredEvaluationId: string) =>
        client.call("DELETE /api/v1/required-evaluations/:requiredEvaluationId", { params: { requiredEvaluationId } }),
      meta: { failure: "The evaluation was not removed" },
      onSuccess,
    }),
  };
}
