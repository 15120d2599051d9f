import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type DriftWatch = Answer<"GET /api/v1/drift-watches">["items"][number];
export type DriftRun = Answer<"GET /api/v1/drift-watches/:driftWatchId/runs">["items"][number];
export type DriftSignal = DriftRun["signals"][number];
export type DriftReport = Answer<"GET /api/v1/drift-watches/:driftWatchId/runs/:day">;
export type Investigation = Answer<"GET /api/v1/drift-investigations">["items"][number];
export type NewWatch = RequestFor<"POST /api/v1/drift-watches">["body"];
export type WatchChange = RequestFor<"PATCH /api/v1/drift-watches/:driftWatchId">["body"];
export type InvestigationChange = RequestFor<"PATCH /api/v1/drift-investigations/:investigationId">["body"];

/** How often a running comparison is read again. */
const PACE_MS = 2_000;
const DAYS = 60;

export function useDriftWatches() {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["drift", id, "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/drift-watches", { query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ status }) => status === "running")) ? PACE_MS : false,
  });
}

export function useDriftWatch(driftWatchId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["drift", id, driftWatchId],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/drift-watches/:driftWatchId", { params: { driftWatchId }, signal }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? PACE_MS : false),
  });
}

/** The newest days, oldest first. */
export function useDriftRuns(driftWatchId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["drift", id, driftWatchId, "runs"],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/drift-watches/:driftWatchId/runs", {
        params: { driftWatchId },
        query: { limit: DAYS },
        signal,
      }),
    select: ({ items }) => items.toReversed(),
    refetchInterval: ({ state }) => (state.data?.items.some((run) => run.state === "running") ? PACE_MS : false),
  });
}

export function useDriftReport(driftWatchId: string, run: DriftRun) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["drift", id, driftWatchId, "report", run.day, run.state, run.finishedAt],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/drift-watches/:driftWatchId/runs/:day", {
        params: { driftWatchId, day: run.day },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** A finished run can open an investigation. */
export function useInvestigations({ driftWatchId, lastRun }: Pick<DriftWatch, "driftWatchId" | "lastRun">) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["drift", id, driftWatchId, "investigations", lastRun?.finishedAt],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/drift-investigations", { query: { driftWatchId, limit: 20 }, signal }),
    select: ({ items }) => items,
    placeholderData: keepPreviousData,
  });
}

function useRefresh() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["drift"] });
}

export function useCreateWatch() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: NewWatch) => client.call("POST /api/v1/drift-watches", { body }),
    onSuccess,
  });
}

export function useUpdateWatch(driftWatchId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: WatchChange) =>
      client.call("PATCH /api/v1/drift-watches/:driftWatchId", { params: { driftWatchId }, body }),
    meta: { failure: "The drift watch was not changed" },
    onSuccess,
  });
}

/** Sets the next version of the reference. The form shows its error. */
export function useSetReference(driftWatchId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (reference: NonNullable<NewWatch["reference"]>) =>
      client.call("PATCH /api/v1/drift-watches/:driftWatchId", { params: { driftWatchId }, body: { reference } }),
    onSuccess,
  });
}

export function useDeleteWatch(driftWatchId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: () => client.call("DELETE /api/v1/drift-watches/:driftWatchId", { params: { driftWatchId } }),
    meta: { failure: "The drift watch was not deleted" },
    onSuccess,
  });
}

/** Compares a day now: yesterday, if none is named. */
export function useRunWatch(driftWatchId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (day: string | undefined) =>
      client.call("POST /api/v1/drift-watches/:driftWatchId/runs", {
        params: { driftWatchId },
        body: day === undefined ? {} : { day },
      }),
    meta: { failure: "The comparison was not started" },
    onSuccess,
  });
}

export function useUpdateInvestigation(investigationId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: InvestigationChange) =>
      client.call("PATCH /api/v1/drift-investigations/:investigationId", { params: { investigationId }, body }),
    meta: { failure: "The investigation was not changed" },
    onSuccess,
  });
}

/** The progress of a run that has not ended. */
export function useRunJob({ jobId, state }: Pick<DriftRun, "jobId" | "state">) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["jobs", id, jobId],
    enabled: state === "running" && can("jobs:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/jobs/:jobId", { params: { jobId }, signal }),
    refetchInterval: PACE_MS,
  });
}
