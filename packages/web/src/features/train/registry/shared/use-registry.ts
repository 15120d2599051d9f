import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

export type Model = Answer<"GET /api/v1/registry/models/:name">;
export type Version = Answer<"GET /api/v1/registry/models/:name/versions/:version">;
export type Lineage = Answer<"GET /api/v1/registry/models/:name/versions/:version/lineage">;
export type Uses = Answer<"GET /api/v1/registry/models/:name/uses">;
export type Comparison = Answer<"GET /api/v1/registry/models/:name/compare">;
export type StageRequest = Answer<"GET /api/v1/registry/stage-requests">["items"][number];
export type Finding = Version["findings"][number];
type Filter = Pick<
  NonNullable<RequestFor<"GET /api/v1/registry/models">["query"]>,
  "search" | "tag" | "stage" | "base"
>;
export type Place = { name: string; version: string };

/** Registered models by name, page by page. */
export function useModels(filter: Filter) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["registry", id, "list", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/registry/models", { query: { limit: 50, cursor, ...filter }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The tags and bases for the list's filters. */
export function useModelFilters() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, "filters"],
    queryFn: ({ signal }) => client.call("GET /api/v1/registry/filters", { signal }),
  });
}

export function useModel(name: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, name],
    queryFn: ({ signal }) => client.call("GET /api/v1/registry/models/:name", { params: { name }, signal }),
  });
}

/** Which request names use a model, and what else depends on it. */
export function useUses(name: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, name, "uses"],
    queryFn: ({ signal }) => client.call("GET /api/v1/registry/models/:name/uses", { params: { name }, signal }),
  });
}

export function useVersions(name: string | undefined) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["registry", id, name, "versions"],
    enabled: name !== undefined,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/registry/models/:name/versions", {
        params: { name: name ?? "" },
        query: { limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useVersion({ name, version }: Place) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, name, "version", version],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/registry/models/:name/versions/:version", { params: { name, version }, signal }),
  });
}

export function useLineage({ name, version }: Place) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, name, "lineage", version],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/registry/models/:name/versions/:version/lineage", { params: { name, version }, signal }),
  });
}

export function useCard({ name, version }: Place) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, name, "card", version],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/registry/models/:name/versions/:version/card", { params: { name, version }, signal }),
  });
}

/** Earlier targets of a model's aliases, newest first. */
export function useAliasMoves(name: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["registry", id, name, "moves"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/registry/models/:name/alias-moves", {
        params: { name },
        query: { limit: 20, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

type StageFilter = Pick<
  NonNullable<RequestFor<"GET /api/v1/registry/stage-requests">["query"]>,
  "state" | "name" | "version"
>;

/** Stage requests, newest first. */
export function useStageRequests(filter: StageFilter) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["registry", id, "stage-requests", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/registry/stage-requests", { query: { limit: 20, cursor, ...filter }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Whether stages need approval in this project. */
export function useRegistrySettings() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, "settings"],
    queryFn: ({ signal }) => client.call("GET /api/v1/registry/settings", { signal }),
  });
}

/** A comparison of two versions; no request is sent while one is missing. */
export function useComparison(left: Place | undefined, right: Place | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, "compare", left, right],
    enabled: left !== undefined && right !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/registry/models/:name/compare", {
        params: { name: left?.name ?? "" },
        query: { left: left?.version ?? "", right: right?.version ?? "", with: right?.name },
        signal,
      }),
    retry: false,
  });
}

/** The settings of a training run; undefined without a run, and for users who may not see it. */
export function useRunConfig(runId: string | null | undefined) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["training", id, "config", runId],
    enabled: typeof runId === "string" && can("training:read"),
    queryFn: async ({ signal }) => {
      const params = { trainingRunId: runId ?? "" };
      return (await client.call("GET /api/v1/training-runs/:trainingRunId", { params, signal })).config;
    },
    retry: false,
  });
}
