import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Queue = Answer<"GET /api/v1/annotation-queues/:queueId">;
export type Progress = Answer<"GET /api/v1/annotation-queues/:queueId/progress">;
export type NewQueue = RequestFor<"POST /api/v1/annotation-queues">["body"];
type QueuePatch = RequestFor<"PATCH /api/v1/annotation-queues/:queueId">["body"];
type NewItems = RequestFor<"POST /api/v1/annotation-queues/:queueId/items">["body"];
type NewGuideline = RequestFor<"POST /api/v1/annotation-queues/:queueId/guidelines">["body"];
type NewQuestions = RequestFor<"POST /api/v1/annotation-queues/:queueId/questions">["body"];

/** Polled while the page is open, because other people answer too. */
const REFRESH_MS = 5_000;

/** The project's queues page by page, newest first. */
export function useQueues({ search = "", assigned }: { search?: string | undefined; assigned?: "me" | undefined }) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["annotation", id, "queues", search, assigned],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/annotation-queues", {
        query: { limit: 50, cursor, search, assigned: assigned ?? "any" },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

export function useQueue(queueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "queue", queueId],
    queryFn: ({ signal }) => client.call("GET /api/v1/annotation-queues/:queueId", { params: { queueId }, signal }),
    refetchInterval: 6 * REFRESH_MS,
  });
}

export function useProgress(queueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "progress", queueId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/annotation-queues/:queueId/progress", { params: { queueId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** The versions of the guideline, newest first. */
export function useGuidelines(queueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "guidelines", queueId],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/annotation-queues/:queueId/guidelines", { params: { queueId }, query, signal }),
      ),
  });
}

/** Changes to queues. Each one reloads everything shown about annotation. */
export function useQueueChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["annotation"] });
  return {
    create: useMutation({
      mutationFn: (body: NewQueue) => client.call("POST /api/v1/annotation-queues", { body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ queueId, ...body }: { queueId: string } & QueuePatch) =>
        client.call("PATCH /api/v1/annotation-queues/:queueId", { params: { queueId }, body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (queueId: string) =>
        client.call("DELETE /api/v1/annotation-queues/:queueId", { params: { queueId } }),
      meta: { failure: "The queue was not deleted" },
      onSuccess,
    }),
    addItems: useMutation({
      mutationFn: ({ queueId, body }: { queueId: string; body: NewItems }) =>
        client.call("POST /api/v1/annotation-queues/:queueId/items", { params: { queueId }, body }),
      onSuccess,
    }),
    writeGuideline: useMutation({
      mutationFn: ({ queueId, body }: { queueId: string; body: NewGuideline }) =>
        client.call("POST /api/v1/annotation-queues/:queueId/guidelines", { params: { queueId }, body }),
      onSuccess,
    }),
    ask: useMutation({
      mutationFn: ({ queueId, questions }: { queueId: string } & NewQuestions) =>
        client.call("POST /api/v1/annotation-queues/:queueId/questions", { params: { queueId }, body: { questions } }),
      onSuccess,
    }),
  };
}
