import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Probe = Answer<"GET /api/v1/probes/:probeId">;
export type ProbeRun = Answer<"GET /api/v1/probes/:probeId/runs">["items"][number];
export type ProbePrompt = Answer<"GET /api/v1/probes/:probeId/prompts">["items"][number];
export type ModelSignal = Answer<"GET /api/v1/model-signals">["items"][number];
export type ProbeEstimate = Answer<"POST /api/v1/probe-estimates">;
type ProbeChange = RequestFor<"PATCH /api/v1/probes/:probeId">["body"];
export type ProbeBody = RequestFor<"POST /api/v1/probes">["body"];

const PACE_MS = 3_000;
/** Clocks of browsers differ a little from the server's. */
const CLOCK_MS = 60_000;

/** Whether the probe changes soon: calls are made, a run is due, or a change is being tested. */
function isWorking({ progress, state, isEnabled, nextRunAt, suspicion }: Probe): boolean {
  if (progress !== null || state === "setting-up") return true;
  const isTested = state === "suspected" && suspicion?.confirmation === null;
  const isDue = nextRunAt !== null && Date.parse(nextRunAt) < Date.now() + CLOCK_MS;
  return isEnabled && (isTested || isDue || suspicion?.evaluation?.status === "running");
}

/** The project's probes page by page, changes first. */
export function useProbes(state: Probe["state"] | undefined) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["probes", id, "list", state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/probes", { query: { limit: 50, cursor, state }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: query }) =>
      query.data?.pages.some(({ items }) => items.some(isWorking)) ? PACE_MS : false,
  });
}

export function useProbe(probeId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["probes", id, probeId],
    queryFn: ({ signal }) => client.call("GET /api/v1/probes/:probeId", { params: { probeId }, signal }),
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? PACE_MS : false),
  });
}

export function useProbeRuns({ probeId, updatedAt }: Probe) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["probes", id, probeId, "runs", updatedAt],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/probes/:probeId/runs", { params: { probeId }, query: { limit: 200 }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useProbePrompts({ probeId, updatedAt }: Probe) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["probes", id, probeId, "prompts", updatedAt],
    queryFn: ({ signal }) => client.call("GET /api/v1/probes/:probeId/prompts", { params: { probeId }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** What ordinary traffic shows about the probed model. */
export function useModelSignals({ model }: Pick<Probe, "model">) {
  const { id, client } = useProject();
  const cut = model.indexOf("/");
  // A model that this server runs has no connection.
  const connection = cut < 0 ? undefined : model.slice(0, cut);
  const query = { connection, model: model.slice(cut + 1), days: 30, limit: 200 };
  return useQuery({
    queryKey: ["model-signals", id, query],
    queryFn: ({ signal }) => client.call("GET /api/v1/model-signals", { query, signal }),
  });
}

/** The estimate of a complete form. */
export function useProbeEstimate(body: ProbeBody | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["probes", id, "estimate", body],
    enabled: body !== undefined,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/probe-estimates", { body: body ?? { name: "", model: "" }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Models that can be probed: models of connections, and chat models that this server runs. */
export function useProbeModels(): readonly string[] {
  const { id, client, can } = useProject();
  const callable = useQuery({
    queryKey: ["callable-models", id],
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    staleTime: 60_000,
  });
  const local = useQuery({
    queryKey: ["models", id],
    enabled: can("models:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/models", { signal }),
    staleTime: 60_000,
  });
  const chat = new Set(local.data?.items.flatMap(({ kind, modelId }) => (kind === "chat" ? [modelId] : [])));
  const models = callable.data?.data ?? [];
  return models.flatMap(({ id: name, owned_by: owner }) =>
    name.includes("/") || (owner === "local" && chat.has(name)) ? [name] : [],
  );
}

function useRefresh() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["probes"] });
}

export function useCreateProbe() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({ mutationFn: (body: ProbeBody) => client.call("POST /api/v1/probes", { body }), onSuccess });
}

export function useUpdateProbe() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ probeId, ...body }: ProbeChange & { probeId: string }) =>
      client.call("PATCH /api/v1/probes/:probeId", { params: { probeId }, body }),
    meta: { failure: "The probe was not changed" },
    onSuccess,
  });
}

export function useRunProbe() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (probeId: string) => client.call("POST /api/v1/probes/:probeId/run", { params: { probeId } }),
    meta: { failure: "The run was not started" },
    onSuccess,
  });
}

export function useAcceptReference() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ probeId, selectsPrompts }: { probeId: string; selectsPrompts: boolean }) =>
      client.call("POST /api/v1/probes/:probeId/accept", { params: { probeId }, body: { selectsPrompts } }),
    meta: { failure: "The reference was not accepted" },
    onSuccess,
  });
}

export function useDismissSuspicion() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (probeId: string) => client.call("POST /api/v1/probes/:probeId/dismiss", { params: { probeId } }),
    meta: { failure: "The suspicion was not dismissed" },
    onSuccess,
  });
}

export function useDeleteProbe() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (probeId: string) => client.call("DELETE /api/v1/probes/:probeId", { params: { probeId } }),
    meta: { failure: "The probe was not deleted" },
    onSuccess,
  });
}
