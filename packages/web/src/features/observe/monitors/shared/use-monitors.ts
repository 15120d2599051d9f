import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { MonitorPatch } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";

export type Monitor = Answer<"GET /api/v1/monitors/:monitorId">;
type MonitorBody = RequestFor<"POST /api/v1/monitors">["body"];
export type MonitorTemplate = Answer<"GET /api/v1/monitor-templates">["items"][number];
export type MonitorSeries = Answer<"GET /api/v1/monitors/:monitorId/series">["items"][number];
export type MonitorPoint = Omit<Answer<"GET /api/v1/monitors/:monitorId/points">["items"][number], "series">;
export type MonitorTransition = Answer<"GET /api/v1/monitors/:monitorId/transitions">["items"][number];
export type MonitorPreview = Answer<"POST /api/v1/monitor-previews">;
export type PreviewSeries = MonitorPreview["series"][number];
export type Alarm = PreviewSeries["alarms"][number];

/** A monitor is evaluated once a minute or less often. */
const PACE_MS = 30_000;
const MOST_PAGES = 15;
const PAGE = 200;
/** The most evaluations that a chart loads. */
export const MOST_POINTS = MOST_PAGES * PAGE;

type Wanted = { readonly q?: string | undefined; readonly state?: Monitor["state"] | undefined };

/** The project's monitors page by page, firing ones first. */
export function useMonitors(wanted: Wanted) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["monitors", id, "list", wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/monitors", { query: { limit: 50, cursor, ...wanted }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: PACE_MS,
  });
}

export function useMonitorSummary() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["monitors", id, "summary"],
    queryFn: ({ signal }) => client.call("GET /api/v1/monitor-summary", { signal }),
    refetchInterval: PACE_MS,
  });
}

export function useMonitorTemplates() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["monitor-templates", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/monitor-templates", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useMonitor(monitorId: string | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["monitors", id, monitorId],
    enabled: monitorId !== undefined,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/monitors/:monitorId", { params: { monitorId: monitorId ?? "" }, signal }),
    refetchInterval: PACE_MS,
  });
}

/** What changes with an evaluation is loaded again after the next evaluation. */
type Shown = Pick<Monitor, "monitorId" | "evaluatedAt" | "updatedAt">;

export function useMonitorSeries({ monitorId, evaluatedAt, updatedAt }: Shown) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["monitors", id, monitorId, "series", evaluatedAt, updatedAt],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/monitors/:monitorId/series", {
        params: { monitorId },
        query: { limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useMonitorTransitions({ monitorId, evaluatedAt, updatedAt }: Shown, series: string | undefined) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["monitors", id, monitorId, "transitions", series, evaluatedAt, updatedAt],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/monitors/:monitorId/transitions", {
        params: { monitorId },
        query: { limit: 20, cursor, ...(series !== undefined && { series }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The evaluations of one series in a time range, at most {@link MOST_POINTS} of them. */
export function useMonitorPoints({ monitorId, evaluatedAt }: Shown, series: string, range: RangeSearch) {
  const { id, client } = useProject();
  const load = async (signal: AbortSignal) => {
    const points: MonitorPoint[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = { ...resolveRange(range), series, limit: PAGE, cursor };
      const answer = await client.call("GET /api/v1/monitors/:monitorId/points", {
        params: { monitorId },
        query,
        signal,
      });
      points.push(...answer.items);
      if (answer.nextCursor === null) return { points, isCut: false };
      cursor = answer.nextCursor;
    }
    return { points, isCut: true };
  };
  return useQuery({
    queryKey: ["monitors", id, monitorId, "points", series, range, isRelative(range) && evaluatedAt],
    queryFn: ({ signal }) => load(signal),
    placeholderData: keepPreviousData,
  });
}

/** Where the monitor of a form would have fired. The server may need several seconds. */
export function useMonitorPreview(body: MonitorBody | undefined) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["monitor-preview", id, body],
    enabled: body !== undefined,
    queryFn: ({ signal }): Promise<MonitorPreview> => {
      if (!body) throw new Error("a preview needs a complete form");
      return client.call("POST /api/v1/monitor-previews", { body, signal });
    },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}

function useRefresh() {
  const { id } = useProject();
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["monitors", id] });
}

export function useCreateMonitor() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({ mutationFn: (body: MonitorBody) => client.call("POST /api/v1/monitors", { body }), onSuccess });
}

/** Changes a monitor. `failure` is the title of the toast; a form shows the error itself and passes none. */
export function useUpdateMonitor(monitorId: string, failure?: string) {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: MonitorPatch) =>
      client.call("PATCH /api/v1/monitors/:monitorId", { params: { monitorId }, body }),
    ...(failure && { meta: { failure } }),
    onSuccess,
  });
}

export function useDeleteMonitor() {
  const { client } = useProject();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (monitorId: string) => client.call("DELETE /api/v1/monitors/:monitorId", { params: { monitorId } }),
    meta: { failure: "The monitor was not deleted" },
    onSuccess,
  });
}
