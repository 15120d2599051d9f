import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useProject } from "../../system/session/index.ts";

export type ItemsBody = RequestFor<"POST /api/v1/annotation-queues/:queueId/items">["body"];

export function useAddToQueue() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ queueId, body }: { queueId: string; body: ItemsBody }) =>
      client.call("POST /api/v1/annotation-queues/:queueId/items", { params: { queueId }, body }),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["annotation"] }),
  });
}

/** The default comparison queue. */
export function useMakePairQueue() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      client.call("POST /api/v1/annotation-queues", {
        body: { name, questions: [{ type: "pairwise", key: "better", title: "Which answer is better?" }] },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["annotation"] }),
  });
}
