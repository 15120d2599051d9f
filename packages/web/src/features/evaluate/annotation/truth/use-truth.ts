import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ConsensusMethod } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type TrueItem = Answer<"GET /api/v1/annotation-queues/:queueId/consensus">["items"][number];
export type Rater = Answer<"GET /api/v1/annotation-queues/:queueId/consensus">["raters"][number];
export type Publication = RequestFor<"POST /api/v1/annotation-queues/:queueId/consensus">["body"];
type Asked = { queueId: string; question: string; method: ConsensusMethod };

/** The consensus per item for a question, page by page, lowest confidence first. */
export function useTruth({ queueId, question, method }: Asked) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["annotation", id, "truth", queueId, question, method],
    enabled: question !== "",
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/annotation-queues/:queueId/consensus", {
        params: { queueId },
        query: { question, method, limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Publishes the consensus as scores of spans, or into a dataset's draft. */
export function usePublishTruth(queueId: string) {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Publication) =>
      client.call("POST /api/v1/annotation-queues/:queueId/consensus", { params: { queueId }, body }),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["annotation"] });
      void cache.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
}
