import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Deployment = Answer<"GET /api/v1/deployments/:deploymentId">;
export type DeploymentSettings = Answer<"GET /api/v1/deployment-settings">;
type Input = RequestFor<"POST /api/v1/deployments">["body"];
type SettingsChange = RequestFor<"PUT /api/v1/deployment-settings">["body"];
export type VersionOf = { readonly model: string; readonly version: number };

const PACE_MS = 5_000;
const MOST_SHOWN = 20;

/** The newest deployments of a version. */
export function useVersionDeployments({ model, version }: VersionOf) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["deployments", id, model, version],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/deployments", { query: { model, version, limit: MOST_SHOWN }, signal }),
    select: ({ items }) => items,
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === "running") ? PACE_MS : false),
  });
}

export function useDeploy() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Input) => client.call("POST /api/v1/deployments", { body }),
    onSuccess: () =>
      Promise.all(
        ["deployments", "rollouts", "endpoints", "registry"].map((key) => cache.invalidateQueries({ queryKey: [key] })),
      ),
  });
}

export function useDeploymentSettings() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["deployment-settings", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/deployment-settings", { signal }),
  });
}

export function useSaveDeploymentSettings() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: SettingsChange) => client.call("PUT /api/v1/deployment-settings", { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["deployment-settings"] }),
  });
}
