import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { TRAINING_STATUSES } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import type { ListSearch } from "./training-search.ts";

export type Run = Answer<"GET /api/v1/training-runs/:trainingRunId">;
export type Series = Answer<"GET /api/v1/training-runs/:trainingRunId/metrics">["series"];
export type Estimate = NonNullable<Answer<"GET /api/v1/training/estimates/:jobId">["estimate"]>;
export type Preview = Answer<"POST /api/v1/training/preview">;
export type Validation = Answer<"POST /api/v1/training/validate">;
/** A configuration to send: an object, or the text of a YAML file. */
export type SentConfig = RequestFor<"POST /api/v1/training-runs">["body"]["config"];
/** An action that a person can request for a run. */
export type Wish = "pause" | "resume" | "cancel" | "save";

const GOING: ReadonlySet<Run["status"]> = new Set(["queued", "preparing", "running", "saving"]);
export const isGoing = ({ status }: Pick<Run, "status">): boolean => GOING.has(status);

/** How often live data is reloaded while a run is running, in milliseconds. */
const PACE_MS = 1_500;

/** The project's training runs page by page, newest first. */
export function useRuns({ search, status }: ListSearch) {
  const { id, client } = useProject();
  const statusFilter = (["active", "ended", ...TRAINING_STATUSES] as const).find((one) => one === status);
  return useInfiniteQuery({
    queryKey: ["training", id, "list", search, statusFilter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/training-runs", {
        query: { limit: 50, cursor, search: search ?? "", status: statusFilter },
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

/** The polling options for parts of a run: reload while it runs, and once more after it ends. */
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
      readAllPages((query) =>
        client.call("GET /api/v1/training-runs/:trainingRunId/checkpoints", {
          params: { trainingRunId: part.trainingRunId },
          query,
          signal,
        }),
      ),
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

/** Whether this machine can train. Polled often during installation. */
export function useTrainer() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["trainer", id],
    enabled: can("training:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/trainer", { signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === "installing" || data?.planJobId ? 2_000 : false),
  });
}

/** Calculates the download of an installation, and installs. */
export function useTrainerChanges() {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const onSuccess = (trainer: Answer<"GET /api/v1/trainer">) => cache.setQueryData(["trainer", id], trainer);
  return {
    lookUp: useMutation({
      mutationFn: () => client.call("POST /api/v1/trainer/plan"),
      meta: { failure: "The download size could not be determined" },
      onSuccess,
    }),
    install: useMutation({
      mutationFn: () => client.call("POST /api/v1/trainer/install"),
      meta: { failure: "The trainer was not installed" },
      onSuccess,
    }),
  };
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

/** Validates a configuration while it is edited. */
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

/** Loaded on demand, because starting the trainer takes seconds. */
export function usePreview() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (config: SentConfig) => client.call("POST /api/v1/training/preview", { body: { config, limit: 5 } }),
  });
}

/** Changes to runs. Each one reloads everything shown about runs. */
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
    stop: useMutation({
      mutationFn: ({ trainingRunId, result }: { trainingRunId: string; result: Run["wantedResult"] }) =>
        client.call("POST /api/v1/training-runs/:trainingRunId/stop", {
          params: { trainingRunId },
          query: { result: result ?? undefined },
        }),
      meta: { failure: "The run was not stopped" },
      onSuccess,
    }),
    wish: useMutation({
      mutationFn: ({ trainingRunId, wish }: { trainingRunId: string; wish: Wish }) =>
        client.call(`POST /api/v1/training-runs/:trainingRunId/${wish}`, { params: { trainingRunId } }),
      meta: { failure: "The action failed" },
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
