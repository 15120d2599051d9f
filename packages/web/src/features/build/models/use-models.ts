import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type LocalModels = Answer<"GET /api/v1/models">;
export type LocalModel = LocalModels["items"][number];
export type ModelPull = Answer<"GET /api/v1/model-pulls">["items"][number];

const isMoving = (model: LocalModel) => model.state === "pulling" || model.state === "loading";

/** The local models; polled often while one of them is downloading or loading. */
export function useLocalModels() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["models", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/models", { signal }),
    refetchInterval: (query) => (query.state.data?.items.some(isMoving) ? 1_500 : 15_000),
  });
}

/** Downloads, newest first; every second while one runs. */
export function useModelPulls() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["model-pulls", id],
    enabled: can("models:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/model-pulls", { signal }),
    refetchInterval: (query) => (query.state.data?.items.some((pull) => pull.state === "running") ? 1_000 : 15_000),
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ["models"] }),
      cache.invalidateQueries({ queryKey: ["model-pulls"] }),
    ]);
}

/** Starts a download by catalogue name, `hf:owner/repo/file.gguf` or a path. */
export function useStartPull() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (source: string) => client.call("POST /api/v1/model-pulls", { body: { source } }),
    onSettled: refresh,
  });
}

export function useCancelPull() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (pullId: string) => client.call("DELETE /api/v1/model-pulls/:pullId", { params: { pullId } }),
    meta: { failure: "The download was not canceled" },
    onSettled: refresh,
  });
}

/** Loads a model into memory or frees it. */
export function useModelSwitch() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ modelId, isOn }: { modelId: string; isOn: boolean }) =>
      client.call(isOn ? "POST /api/v1/models/:modelId/load" : "POST /api/v1/models/:modelId/unload", {
        params: { modelId },
      }),
    meta: { failure: "The model was not changed" },
    onSettled: refresh,
  });
}

export function useDeleteModel() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (modelId: string) => client.call("DELETE /api/v1/models/:modelId", { params: { modelId } }),
    meta: { failure: "The model was not deleted" },
    onSettled: refresh,
  });
}
