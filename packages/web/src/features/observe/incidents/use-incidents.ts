import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

export type Incident = Answer<"GET /api/v1/incidents/:incidentId">;
export type IncidentEvent = Answer<"GET /api/v1/incidents/:incidentId/events">["items"][number];
export type Snapshot = Answer<"GET /api/v1/incidents/:incidentId/snapshots/:snapshotId">;
export type SnapshotHead = Answer<"GET /api/v1/incidents/:incidentId/snapshots">["items"][number];
export type Evidence = NonNullable<Snapshot["evidence"]>;
export type Comparison = Evidence["comparisons"][number];
export type Segment = Comparison["segments"][number];
export type IncidentVerb = "acknowledge" | "resolve" | "reopen";
type Query = NonNullable<RequestFor<"GET /api/v1/incidents">["query"]>;
type Patch = RequestFor<"PATCH /api/v1/incidents/:incidentId">["body"];

/** Monitors and people change incidents at any time. */
const PACE_MS = 15_000;
const COLLECTING_MS = 1_500;

export function useIncidents(wanted: Omit<Query, "limit" | "cursor">) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["incidents", id, "list", wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/incidents", { query: { limit: 50, cursor, ...wanted }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: PACE_MS,
  });
}

export function useIncident(incidentId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["incidents", id, incidentId],
    queryFn: ({ signal }) => client.call("GET /api/v1/incidents/:incidentId", { params: { incidentId }, signal }),
    refetchInterval: ({ state }) => (state.data?.evidence?.state === "collecting" ? COLLECTING_MS : PACE_MS),
  });
}

export function useIncidentEvents({ incidentId, updatedAt, evidence }: Incident) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["incidents", id, incidentId, "events", updatedAt, evidence?.snapshotId, evidence?.state],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/incidents/:incidentId/events", { params: { incidentId }, query, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useSnapshots({ incidentId, evidence }: Incident) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["incidents", id, incidentId, "snapshots", evidence?.snapshotId, evidence?.state],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/incidents/:incidentId/snapshots", {
        params: { incidentId },
        query: { limit: 100 },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** A ready snapshot never changes. */
export function useSnapshot(incidentId: string, snapshotId: string | undefined, state: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["incidents", id, incidentId, "snapshot", snapshotId, state],
    enabled: snapshotId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/incidents/:incidentId/snapshots/:snapshotId", {
        params: { incidentId, snapshotId: snapshotId ?? "" },
        signal,
      }),
    staleTime: state === "ready" ? Number.POSITIVE_INFINITY : 0,
  });
}

/** The measure around the affected time range: as much time before, and as much after. */
export function useMeasureOverTime(filter: string | null, measure: string, range: { from: string; to: string }) {
  const { id, client, can } = useProject();
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
  const length = to - from;
  const around = {
    from: new Date(from - 2 * length).toISOString(),
    to: new Date(Math.min(Math.max(Date.now(), to), to + length)).toISOString(),
  };
  return useQuery({
    queryKey: ["incident-measure", id, filter, measure, range],
    enabled: can("traces:read"),
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/span-metrics", {
        body: { ...around, measures: [measure], dimensions: ["time"], where: filter ? { filter } : {} },
        signal,
      }),
    retry: false,
  });
}

const FAILURES: Readonly<Record<IncidentVerb, string>> = {
  acknowledge: "The incident was not acknowledged",
  resolve: "The incident was not resolved",
  reopen: "The incident was not reopened",
};

function useRefresh() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["incidents"] });
}

export function useIncidentAct(verb: IncidentVerb) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ incidentId, note = "" }: { incidentId: string; note?: string }) =>
      client.call(`POST /api/v1/incidents/:incidentId/${verb}`, { params: { incidentId }, body: { note } }),
    meta: { failure: FAILURES[verb] },
    onSuccess,
  });
}

export function useIncidentChanges(incidentId: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  const params = { incidentId };
  return {
    update: useMutation({
      mutationFn: (body: Patch) => client.call("PATCH /api/v1/incidents/:incidentId", { params, body }),
      meta: { failure: "The incident was not changed" },
      onSuccess,
    }),
    collect: useMutation({
      mutationFn: () => client.call("POST /api/v1/incidents/:incidentId/snapshots", { params }),
      meta: { failure: "The evidence was not requested" },
      onSuccess,
    }),
  };
}

export function useCreateIncident() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: RequestFor<"POST /api/v1/incidents">["body"]) => client.call("POST /api/v1/incidents", { body }),
    onSuccess,
  });
}

/** The comments, which others may write at the same time. */
export function useIncidentComments(incidentId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["incident-comments", id, incidentId],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/incidents/:incidentId/comments", { params: { incidentId }, query, signal }),
      ),
    refetchInterval: 2 * PACE_MS,
  });
}

export function useIncidentCommentChanges(incidentId: string) {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const queryKey = ["incident-comments", id, incidentId];
  const onSuccess = () => void queries.invalidateQueries({ queryKey });
  return {
    create: useMutation({
      mutationFn: (text: string) =>
        client.call("POST /api/v1/incidents/:incidentId/comments", { params: { incidentId }, body: { text } }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ commentId, text }: { commentId: string; text: string }) =>
        client.call("PATCH /api/v1/incident-comments/:commentId", { params: { commentId }, body: { text } }),
      onSuccess,
    }),
    remove: useMutation({
      meta: { failure: "The comment was not deleted" },
      mutationFn: (commentId: string) =>
        client.call("DELETE /api/v1/incident-comments/:commentId", { params: { commentId } }),
      onSuccess,
    }),
  };
}
