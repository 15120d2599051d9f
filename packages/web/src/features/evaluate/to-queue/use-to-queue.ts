import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useProject } from "../../system/session/index.ts";

export type ItemsBody = RequestFor<"POST /api/v1/annotation-queues/:queueId/items">["body"];
type QueueBody = NonNullable<RequestFor<"POST /api/v1/annotation-queues">["body"]>;

export function useAddToQueue() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ queueId, body }: { queueId: string; body: ItemsBody }) =>
      client.call("POST /api/v1/annotation-queues/:queueId/items", { params: { queueId }, body }),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["annotation"] }),
  });
}

/** A queue with one question, for items that need it. */
const QUEUES = {
  pairs: {
    name: "Which answer is better",
    questions: [{ type: "pairwise", key: "better", title: "Which answer is better?" }],
  },
  findings: {
    name: "Is the finding right",
    questions: [{ type: "binary", key: "right", title: "Is the finding right?" }],
  },
} as const satisfies Readonly<Record<string, QueueBody>>;
export type QueueKind = keyof typeof QUEUES;

export function useMakeQueue(kind: QueueKind) {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const { name, questions } = QUEUES[kind];
      return client.call("POST /api/v1/annotation-queues", { body: { name, questions: [...questions] } });
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: ["annotation"] }),
  });
}
