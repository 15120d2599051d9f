import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type SearchBody = NonNullable<RequestFor<"POST /api/v1/knowledge/:knowledgeBaseId/search">["body"]>;
export type SearchResult = Answer<"POST /api/v1/knowledge/:knowledgeBaseId/search">;
export type Hit = SearchResult["hits"][number];

/** The hits of a search. No request is sent without a body. */
export function useSearch(knowledgeBaseId: string, body: SearchBody | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "search", body],
    enabled: body !== undefined,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/knowledge/:knowledgeBaseId/search", {
        params: { knowledgeBaseId },
        body: body ?? { query: "" },
        signal,
      }),
    placeholderData: (previous, query) =>
      query?.queryKey[2] === knowledgeBaseId ? keepPreviousData(previous) : undefined,
  });
}
