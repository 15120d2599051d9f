import { useMutation, useQuery } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

type AskBody = NonNullable<RequestFor<"POST /api/v1/knowledge/:knowledgeBaseId/ask">["body"]>;
export type KnowledgeAnswer = Answer<"POST /api/v1/knowledge/:knowledgeBaseId/ask">;

/** Asks a knowledge base. The page shows the error. */
export function useAsk(knowledgeBaseId: string) {
  const { client } = useProject();
  return useMutation({
    mutationFn: (body: AskBody) =>
      client.call("POST /api/v1/knowledge/:knowledgeBaseId/ask", { params: { knowledgeBaseId }, body }),
  });
}

/** The endpoints and models that can answer. */
export function useAnswerModels(): readonly string[] {
  const { id, client, can } = useProject();
  const { data } = useQuery({
    queryKey: ["callable-models", id],
    enabled: can("gateway:use"),
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
  });
  return data?.data.map((model) => model.id) ?? [];
}
