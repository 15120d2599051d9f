import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../api.ts";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";

export type Model = Answer<"GET /api/v1/registry/models/:name">;
export type Version = Answer<"GET /api/v1/registry/models/:name/versions/:version">;
export type Lineage = Answer<"GET /api/v1/registry/models/:name/versions/:version/lineage">;
type Import = RequestFor<"POST /api/v1/registry/imports">["body"];
type Stage = NonNullable<RequestFor<"POST /api/v1/registry/models/:name/versions/:version/stage">["body"]>["stage"];

/** Registered models by name, page by page. */
export function useModels(search: string | undefined) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["registry", id, "list", search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/registry/models", { query: { limit: 50, cursor, search: search ?? "" }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useModel(name: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, name],
    queryFn: ({ signal }) => client.call("GET /api/v1/registry/models/:name", { params: { name }, signal }),
  });
}

export function useVersions(name: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["registry", id, name, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/registry/models/:name/versions", {
        params: { name },
        query: { limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

type Place = { name: string; version: string };

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

/** What is done to models; all that is shown of them is loaded anew afterwards. */
export function useRegistryChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["registry"] });
  return {
    start: useMutation({
      mutationFn: (body: Import) => client.call("POST /api/v1/registry/imports", { body }),
      onSuccess: () => void cache.invalidateQueries({ queryKey: ["active-jobs"] }),
    }),
    move: useMutation({
      mutationFn: ({ name, alias, version }: Place & { alias: string }) =>
        client.call("PUT /api/v1/registry/models/:name/aliases/:alias", { params: { name, alias }, body: { version } }),
      meta: { failure: "The alias was not moved" },
      onSuccess,
    }),
    rollBack: useMutation({
      mutationFn: ({ name, alias }: { name: string; alias: string }) =>
        client.call("POST /api/v1/registry/models/:name/aliases/:alias/rollback", {
          params: { name, alias },
          body: {},
        }),
      meta: { failure: "The alias was not rolled back" },
      onSuccess,
    }),
    stage: useMutation({
      mutationFn: ({ name, version, stage }: Place & { stage: Stage }) =>
        client.call("POST /api/v1/registry/models/:name/versions/:version/stage", {
          params: { name, version },
          body: { stage },
        }),
      meta: { failure: "The stage was not set" },
      onSuccess,
    }),
    decide: useMutation({
      mutationFn: ({ requestId, decision }: { requestId: string; decision: "approved" | "rejected" }) =>
        client.call("POST /api/v1/registry/stage-requests/:requestId/decision", {
          params: { requestId },
          body: { decision },
        }),
      meta: { failure: "The request was not decided" },
      onSuccess,
    }),
  };
}

/** Loads what is shown of the registry anew, such as after an import. */
export function useRegistryRefresh() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["registry"] });
}

/** Measures a version beside its base, as a job; the page shows it when it is looked at again. */
export function useEvaluateVersion() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; version: number }) => client.call("POST /api/v1/model-evaluations", { body }),
    meta: { failure: "It is not being measured" },
    onSuccess: () => {
      toastDone("It is being measured; see the jobs");
      void cache.invalidateQueries({ queryKey: ["active-jobs"] });
    },
  });
}
