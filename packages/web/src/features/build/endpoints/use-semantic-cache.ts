import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";

export type SemanticCacheStatus = Answer<"GET /api/v1/endpoints/:endpointId/semantic-cache">;

const keyOf = (projectId: string, endpointId: string) => ["endpoints", projectId, endpointId, "semantic-cache"];

/** The state of an endpoint's semantic cache. */
export function useSemanticCache(endpointId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: keyOf(id, endpointId),
    refetchInterval: 15_000,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/endpoints/:endpointId/semantic-cache", { params: { endpointId }, signal }),
  });
}

export function useRestartSemanticCache(endpointId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      client.call("POST /api/v1/endpoints/:endpointId/semantic-cache/restart", { params: { endpointId } }),
    meta: { failure: "The measurement did not start" },
    onSuccess: () => cache.invalidateQueries({ queryKey: keyOf(id, endpointId) }),
  });
}

export function useClearSemanticCache(endpointId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      client.call("DELETE /api/v1/endpoints/:endpointId/semantic-cache/entries", { params: { endpointId } }),
    meta: { failure: "The stored answers were not deleted" },
    onSuccess: () => cache.invalidateQueries({ queryKey: keyOf(id, endpointId) }),
  });
}

/** The state in a few words. */
export function stateWords({ state, checks, checksNeeded, hits, reason }: SemanticCacheStatus): string {
  switch (state) {
    case "off":
      return "Off";
    case "measuring":
      return checks < checksNeeded
        ? `Measuring: ${checks} of ${checksNeeded} checks`
        : `Measuring: ${formatCount(checks)} checks, too many false hits to serve`;
    case "serving":
      return `Serving: ${formatCount(hits)} ${hits === 1 ? "hit" : "hits"}`;
    case "stopped":
      return `Stopped. ${reason ?? ""}`;
    default:
      throw new Error(`no such state: ${state satisfies never}`);
  }
}

/** The false hit rate with its interval. */
export function rateWords({ falseHitRate, falseHits, checks }: SemanticCacheStatus): string {
  if (falseHitRate === null) return "not measured yet";
  const { value, low, high } = falseHitRate;
  return `${formatPercent(value)} (${formatPercent(low)} to ${formatPercent(high)}), ${falseHits} of ${formatCount(checks)} checks`;
}
