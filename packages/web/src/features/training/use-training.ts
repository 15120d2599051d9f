import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { TRAINING_STATUSES } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../api.ts";
import { useProject } from "../session/index.ts";
import type { ListSearch } from "./training-search.ts";

export type Run = Answer<"GET /api/v1/training-runs/:trainingRunId">;
export type Series = Answer<"GET /api/v1/training-runs/:trainingRunId/metrics">["series"];
export type Estimate = Answer<"POST /api/v1/training/estimate">;
export type Preview = Answer<"POST /api/v1/training/preview">;
export type Validation = Answer<"POST /api/v1/training/validate">;
/** A configuration as it is sent: an object, or a YAML file as it was written. */
export type SentConfig = RequestFor<"POST /api/v1/training-runs">["body"]["config"];
/** What a person can ask of a run. */
export type Wish = "stop" | "pause" | "resume" | "cancel" | "save";

const GOING: ReadonlySet<Run["status"]> = new Set(["queued", "preparing", "running", "saving"]);
export const isGoing = ({ status }: Pick<Run, "status">): boolean => GOING.has(status);

/** How often what changes is loaded while a run goes on, in milliseconds. */
const PACE_MS = 1_500;

/** The project's training runs page by page, newest first. */
export function useRuns({ search, status }: ListSearch) {
  const { id, client } = useProject();
  const known = (["active", "ended", ...TRAINING_STATUSES] as const).find((one) => one === status);
  return useInfiniteQuery({
    queryKey: ["training", id, "list", search, known],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/training-runs", {
        query: { limit: 50, cursor, search: search ?? "", status: known },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isGoing)) ? 3_000 : false),
  });
}

export function useRun(trainingRunId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["training", id, trainingRunId, "head"],
    enabled: trainingRunId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/training-runs/:trainingRunId", {
        params: { trainingRunId: trainingRunId ?? "" },
        signal,
      }),
    refetchInterval: ({ state }) => (state.data && isGoing(state.data) ? PACE_MS : false),
  });
}

type Part = { trainingRunId: string; isLive: boolean };

/** What the hooks of a run's parts share: loaded again and again while the run goes on, and once more when it has ended. */
const partOf = (id: string, { trainingRunId, isLive }: Part, name: string) => ({
  queryKey: ["training", id, trainingRunId, name, isLive],
  refetchInterval: isLive ? PACE_MS : (false as const),
  placeholderData: keepPreviousData,
});

export function useSeriesOptions() {
  const { id, client } = useProject();
  return (part: Part) => ({
    ...partOf(id, part, "metrics"),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      client.call("GET /api/v1/training-runs/:trainingRunId/metrics", {
        params: { trainingRunId: part.trainingRunId },
        query: { points: 1_000 },
        signal,
      }),
  });
}

export function useSamples(part: Part) {
  const { id, client } = useProject();
  return useQuery({
    ...partOf(id, part, "samples"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/training-runs/:trainingRunId/events", {
        params: { trainingRunId: part.trainingRunId },
        query: { type: "sample", limit: 1_000 },
        signal,
      }),
    select: ({ items }) => items.flatMap((event) => (event.type === "sample" ? [event] : [])),
  });
}

export function useCheckpoints(part: Part) {
  const { id, client } = useProject();
  return useQuery({
    ...partOf(id, part, "checkpoints"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/training-runs/:trainingRunId/checkpoints", {
        params: { trainingRunId: part.trainingRunId },
        signal,
      }),
    select: ({ items }) => items,
  });
}

export function useLog(part: Part) {
  const { id, client } = useProject();
  return useQuery({
    ...partOf(id, part, "log"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/training-runs/:trainingRunId/logs", {
        params: { trainingRunId: part.trainingRunId },
        signal,
      }),
  });
}

/** Whether this machine can train; looked at often while it is being made able to. */
export function useTrainer() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["trainer", id],
    enabled: can("training:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/trainer", { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "installing" ? 2_000 : false),
  });
}

export function useInstallTrainer() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => client.call("POST /api/v1/trainer/install"),
    meta: { failure: "The trainer is not being installed" },
    onSuccess: (trainer) => cache.setQueryData(["trainer", id], trainer),
  });
}

/** The JSON schema that the form is made from. */
export function useConfigSchema() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["training-schema", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/training/config-schema", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is wrong with a configuration, as it is typed. */
export function useValidation(config: SentConfig | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["training-validation", id, config],
    enabled: config !== undefined,
    queryFn: ({ signal }) => client.call("POST /api/v1/training/validate", { body: { config: config ?? {} }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Asked for by hand: the trainer has to be started for either, which takes seconds. */
export function useLooks() {
  const { client } = useProject();
  return {
    estimate: useMutation({
      mutationFn: (config: SentConfig) => client.call("POST /api/v1/training/estimate", { body: { config } }),
    }),
    preview: useMutation({
      mutationFn: (config: SentConfig) => client.call("POST /api/v1/training/preview", { body: { config, limit: 5 } }),
    }),
  };
}

/** What is done to runs; all that is shown of them is loaded anew afterwards. */
export function useRunChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["training"] });
  return {
    start: useMutation({
      mutationFn: (body: { config: SentConfig; requestId: string }) =>
        client.call("POST /api/v1/training-runs", { body }),
      onSuccess,
    }),
    wish: useMutation({
      mutationFn: ({ trainingRunId, wish }: { trainingRunId: string; wish: Wish }) =>
        client.call(`POST /api/v1/training-runs/:trainingRunId/${wish}`, { params: { trainingRunId } }),
      meta: { failure: "The run did not take that" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (trainingRunId: string) =>
        client.call("DELETE /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } }),
      meta: { failure: "The run was not deleted" },
      onSuccess,
    }),
  };
}
