import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { DIFF_KINDS } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import { readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshDatasets } from "../shared/use-datasets.ts";

type MergeBody = RequestFor<"POST /api/v1/datasets/:datasetId/branches/:branch/merge">["body"];
type ReviewBody = RequestFor<"POST /api/v1/datasets/:datasetId/branches/:branch/reviews">["body"];

/** Versions, newest first; of all branches if none is given. */
export function useVersions(datasetId: string, branch?: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["datasets", id, datasetId, "versions", branch],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/versions", {
        params: { datasetId },
        query: { limit: 50, cursor, ...(branch !== undefined && { branch }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useVersion(datasetId: string, version: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "version", version],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/versions/:version", { params: { datasetId, version }, signal }),
  });
}

export function useTagChanges(datasetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return {
    put: useMutation({
      mutationFn: ({ tag, version }: { tag: string; version: number }) =>
        client.call("PUT /api/v1/datasets/:datasetId/tags/:tag", { params: { datasetId, tag }, body: { version } }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (tag: string) =>
        client.call("DELETE /api/v1/datasets/:datasetId/tags/:tag", { params: { datasetId, tag } }),
      meta: { failure: "The tag was not removed" },
      onSuccess,
    }),
  };
}

type DiffAsked = { datasetId: string; from: string; to: string; kind: string | undefined };

/** The differences between two versions or drafts, item by item. */
export function useDiff({ datasetId, from, to, kind: asked }: DiffAsked) {
  const { id, client } = useProject();
  const kind = DIFF_KINDS.find((one) => one === asked);
  return useInfiniteQuery({
    queryKey: ["datasets", id, datasetId, "diff", from, to, kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/diff", {
        params: { datasetId },
        query: { from, to, limit: 50, cursor, ...(kind !== undefined && { kind }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous, query) =>
      query?.queryKey[4] === from && query.queryKey[5] === to ? keepPreviousData(previous) : undefined,
  });
}

export function useBranches(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "branches"],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/datasets/:datasetId/branches", { params: { datasetId }, query, signal }),
      ),
  });
}

export function useMergePreview(datasetId: string, branch: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "merge", branch],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/branches/:branch/merge", { params: { datasetId, branch }, signal }),
  });
}

export function useBranchChanges(datasetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshDatasets();
  return {
    create: useMutation({
      mutationFn: (body: { name: string; from: string }) =>
        client.call("POST /api/v1/datasets/:datasetId/branches", { params: { datasetId }, body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (branch: string) =>
        client.call("DELETE /api/v1/datasets/:datasetId/branches/:branch", { params: { datasetId, branch } }),
      meta: { failure: "The branch was not deleted" },
      onSuccess,
    }),
    review: useMutation({
      mutationFn: ({ branch, body }: { branch: string; body: ReviewBody }) =>
        client.call("POST /api/v1/datasets/:datasetId/branches/:branch/reviews", {
          params: { datasetId, branch },
          body,
        }),
      meta: { failure: "The review was not saved" },
      onSuccess,
    }),
    merge: useMutation({
      mutationFn: ({ branch, body }: { branch: string; body: MergeBody }) =>
        client.call("POST /api/v1/datasets/:datasetId/branches/:branch/merge", { params: { datasetId, branch }, body }),
      onSuccess,
    }),
  };
}
