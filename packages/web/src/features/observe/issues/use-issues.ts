import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";
import type { IssueSearch } from "./issue-search.ts";

export type Issue = Answer<"GET /api/v1/issues">["items"][number];
export type IssueDetail = Answer<"GET /api/v1/issues/:issueId">;
export type IssueActivity = Answer<"GET /api/v1/issues/:issueId/activities">["items"][number];
export type IssueOccurrence = Answer<"GET /api/v1/issues/:issueId/occurrences">["items"][number];
export type IssueSettings = Answer<"GET /api/v1/issue-settings">;
export type IssuePatch = NonNullable<RequestFor<"PATCH /api/v1/issues/:issueId">["body"]>;

const ALL = ["issues"];
const REFRESH_MS = 15_000;

export function useIssues({ state, sort, q, release }: IssueSearch) {
  const { id, client } = useProject();
  const query = {
    limit: 50,
    q,
    release,
    order: sort ?? ("lastSeen" as const),
    ...(state === undefined || state === "open" ? { isOpen: "true" as const } : { state }),
  };
  return useInfiniteQuery({
    queryKey: [...ALL, id, "list", query],
    initialPageParam: undefined as string | undefined,
    refetchInterval: REFRESH_MS,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/issues", { query: { ...query, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useIssueCounts() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...ALL, id, "counts"],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => client.call("GET /api/v1/issue-counts", { signal }),
  });
}

export function useIssue(issueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...ALL, id, issueId],
    queryFn: ({ signal }) => client.call("GET /api/v1/issues/:issueId", { params: { issueId }, signal }),
  });
}

export function useIssueTrend(issueId: string, by: "hour" | "day") {
  const { id, client } = useProject();
  return useQuery({
    queryKey: [...ALL, id, issueId, "trend", by],
    queryFn: ({ signal }) => {
      const from = by === "hour" ? new Date(Date.now() - 2 * 86_400_000).toISOString() : undefined;
      return client.call("GET /api/v1/issues/:issueId/trend", { params: { issueId }, query: { by, from }, signal });
    },
  });
}

export function useOccurrences(issueId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: [...ALL, id, issueId, "occurrences"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/issues/:issueId/occurrences", {
        params: { issueId },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useActivities(issueId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: [...ALL, id, issueId, "activities"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/issues/:issueId/activities", {
        params: { issueId },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** What people change about an issue. */
export function useIssueChanges(issueId: string) {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ALL });
  const params = { issueId };
  return {
    update: useMutation({
      mutationFn: (body: IssuePatch) => client.call("PATCH /api/v1/issues/:issueId", { params, body }),
      meta: { failure: "The issue was not changed" },
      onSuccess,
    }),
    merge: useMutation({
      mutationFn: (otherIssueId: string) =>
        client.call("POST /api/v1/issues/:issueId/merge", { params, body: { otherIssueId } }),
      meta: { failure: "The issues were not merged" },
      onSuccess,
    }),
    split: useMutation({
      mutationFn: (fingerprints: string[]) =>
        client.call("POST /api/v1/issues/:issueId/split", { params, body: { fingerprints } }),
      meta: { failure: "The issue was not split" },
      onSuccess,
    }),
  };
}

export function useUndo(issueId: string) {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (activityId: string) =>
      client.call("POST /api/v1/issues/:issueId/activities/:activityId/undo", { params: { issueId, activityId } }),
    meta: { failure: "This was not undone" },
    onSuccess: () => cache.invalidateQueries({ queryKey: ALL }),
  });
}

export function useIssueComments(issueId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["issue-comments", id, issueId],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/issues/:issueId/comments", { params: { issueId }, query, signal }),
      ),
  });
}

export function useCommentChanges(issueId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const queryKey = ["issue-comments", id, issueId];
  const onSuccess = () => cache.invalidateQueries({ queryKey });
  return {
    create: useMutation({
      mutationFn: (text: string) =>
        client.call("POST /api/v1/issues/:issueId/comments", { params: { issueId }, body: { text } }),
      meta: { failure: "The comment was not saved" },
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ commentId, text }: { commentId: string; text: string }) =>
        client.call("PATCH /api/v1/issues/:issueId/comments/:commentId", {
          params: { issueId, commentId },
          body: { text },
        }),
      meta: { failure: "The comment was not saved" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (commentId: string) =>
        client.call("DELETE /api/v1/issues/:issueId/comments/:commentId", { params: { issueId, commentId } }),
      meta: { failure: "The comment was not deleted" },
      onSuccess,
    }),
  };
}

export function useIssueSettings() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return {
    current: useQuery({
      queryKey: [...ALL, id, "settings"],
      queryFn: ({ signal }) => client.call("GET /api/v1/issue-settings", { signal }),
    }),
    save: useMutation({
      mutationFn: (body: IssueSettings) => client.call("PUT /api/v1/issue-settings", { body }),
      onSuccess: () => cache.invalidateQueries({ queryKey: ALL }),
    }),
  };
}
