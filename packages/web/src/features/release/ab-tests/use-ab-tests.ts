import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type AbTest = Answer<"GET /api/v1/ab-tests/:abTestId">;
export type AbTestBody = RequestFor<"POST /api/v1/ab-tests">["body"];
export type Report = Answer<"GET /api/v1/ab-tests/:abTestId/report">;
export type ArmReport = Report["arms"][number];
export type Finding = ArmReport["metrics"][number];
export type AbTestEvent = Answer<"GET /api/v1/ab-tests/:abTestId/events">["items"][number];

const PACE_MS = 10_000;
const isRunning = ({ state }: Pick<AbTest, "state">): boolean => state === "running";

/** The project's tests page by page, newest first. */
export function useAbTests(state: AbTest["state"] | undefined) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["ab-tests", id, "list", state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/ab-tests", { query: { limit: 50, cursor, state }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useAbTest(abTestId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["ab-tests", id, abTestId],
    enabled: abTestId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/ab-tests/:abTestId", { params: { abTestId: abTestId ?? "" }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.adaptive && isRunning(data) ? PACE_MS : false),
  });
}

export function useReport(test: AbTest) {
  const { id, client } = useProject();
  const { abTestId, updatedAt } = test;
  return useQuery({
    queryKey: ["ab-tests", id, abTestId, "report", updatedAt],
    enabled: test.state !== "draft",
    queryFn: ({ signal }) => client.call("GET /api/v1/ab-tests/:abTestId/report", { params: { abTestId }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: isRunning(test) ? PACE_MS : false,
  });
}

/** The report by tag or by a value of the metadata. */
export function useSegments({ abTestId, updatedAt }: AbTest, by: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["ab-tests", id, abTestId, "segments", by, updatedAt],
    enabled: by !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/ab-tests/:abTestId/segments", { params: { abTestId }, query: { by: by ?? "" }, signal }),
    retry: false,
  });
}

export function useAbTestEvents({ abTestId, updatedAt }: AbTest) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["ab-tests", id, abTestId, "events", updatedAt],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/ab-tests/:abTestId/events", {
        params: { abTestId },
        query: { limit: 20, cursor, only: "decisions" },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

const MOST_CHANGES = 100;

/** The newest changes of adaptive shares. */
export function useShareChanges({ abTestId, shares }: AbTest) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["ab-tests", id, abTestId, "shares", shares],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/ab-tests/:abTestId/events", {
        params: { abTestId },
        query: { limit: MOST_CHANGES, only: "shares" },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["ab-tests"] }),
      cache.invalidateQueries({ queryKey: ["endpoints"] }),
    ]);
}

/** Creates a draft, or replaces the draft with this id. */
export function useSaveTest(abTestId: string | undefined) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: AbTestBody) =>
      abTestId
        ? client.call("PUT /api/v1/ab-tests/:abTestId", { params: { abTestId }, body })
        : client.call("POST /api/v1/ab-tests", { body }),
    onSuccess,
  });
}

const FAILURES = {
  start: "The test was not started",
  stop: "The test was not stopped",
} as const;

export function useTestAct(verb: keyof typeof FAILURES) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (abTestId: string) => client.call(`POST /api/v1/ab-tests/:abTestId/${verb}`, { params: { abTestId } }),
    meta: { failure: FAILURES[verb] },
    onSuccess,
  });
}

export function usePickWinner() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ abTestId, variant }: { abTestId: string; variant: string }) =>
      client.call("POST /api/v1/ab-tests/:abTestId/pick", { params: { abTestId }, body: { variant } }),
    meta: { failure: "The winner was not picked" },
    onSuccess,
  });
}

export function useDeleteTest() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (abTestId: string) => client.call("DELETE /api/v1/ab-tests/:abTestId", { params: { abTestId } }),
    meta: { failure: "The draft was not deleted" },
    onSuccess,
  });
}
