import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type TopicList = Answer<"GET /api/v1/topics">;
export type Topic = TopicList["items"][number];
export type TopicRun = Answer<"GET /api/v1/topic-runs">["items"][number];
export type TopicSettings = Answer<"GET /api/v1/topic-settings">;

const ALL = ["topics"];
const RUNNING_MS = 3_000;
/** A run has at most 50 topics with 6 subtopics each. */
const PAGE = 200;

export const isActive = (run: TopicRun | undefined) => run?.status === "queued" || run?.status === "running";

/** The topics of the newest complete run. */
export function useTopics() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...ALL, id, "list"],
    queryFn: async ({ signal }): Promise<TopicList> => {
      const first = await client.call("GET /api/v1/topics", { query: { limit: PAGE }, signal });
      let { nextCursor } = first;
      const items = [...first.items];
      while (nextCursor !== null) {
        const query = { limit: PAGE, cursor: nextCursor, runId: first.run?.runId };
        const page = await client.call("GET /api/v1/topics", { query, signal });
        items.push(...page.items);
        nextCursor = page.nextCursor;
      }
      return { ...first, items, nextCursor };
    },
  });
}

/** The newest run, complete or not. While it runs, it is read every few seconds. */
export function useNewestRun() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...ALL, id, "runs"],
    queryFn: async ({ signal }) =>
      (await client.call("GET /api/v1/topic-runs", { query: { limit: 1 }, signal })).items[0] ?? null,
    refetchInterval: ({ state }) => (isActive(state.data ?? undefined) ? RUNNING_MS : false),
  });
}

/** The job of a run, with its progress. */
export function useRunJob(run: TopicRun | null | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["jobs", id, run?.jobId],
    enabled: isActive(run ?? undefined),
    refetchInterval: RUNNING_MS,
    queryFn: ({ signal }) => client.call("GET /api/v1/jobs/:jobId", { params: { jobId: run?.jobId ?? "" }, signal }),
  });
}

export function useTopicTraces(topicId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: [...ALL, id, topicId, "traces"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/topics/:topicId/traces", { params: { topicId }, query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useTopicChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ALL });
  return {
    run: useMutation({
      mutationFn: () => client.call("POST /api/v1/topic-runs", { body: {} }),
      meta: { failure: "The run was not started" },
      onSuccess,
    }),
    rename: useMutation({
      mutationFn: ({ topicId, label }: { topicId: string; label: string }) =>
        client.call("PATCH /api/v1/topics/:topicId", { params: { topicId }, body: { label } }),
      onSuccess,
    }),
  };
}

/** Reads the topics again when a run has ended. */
export function useRefreshTopics() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ALL });
}

export function useTopicSettings() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return {
    current: useQuery({
      queryKey: [...ALL, id, "settings"],
      queryFn: ({ signal }) => client.call("GET /api/v1/topic-settings", { signal }),
    }),
    save: useMutation({
      mutationFn: (body: TopicSettings) => client.call("PUT /api/v1/topic-settings", { body }),
      onSuccess: () => cache.invalidateQueries({ queryKey: ALL }),
    }),
  };
}
