import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type Answer, ApiError, isPassing } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";
import { modelOf, type TraceModel } from "./trace-model.ts";

type Outline = Answer<"GET /api/v1/traces/:traceId/outline">;
/** One span with everything that is known of it. */
export type Span = Answer<"GET /api/v1/traces/:traceId/spans/:spanId">;
/** A trace as the page works with it: laid out once, when it comes. */
export type LoadedTrace = { readonly traceId: string; readonly isCut: boolean; readonly model: TraceModel };

const WHILE_MISSING = 3_000;
/** Spans that were looked at stay at hand this long; a trace that is finished does not change. */
const KEPT_MS = 60_000;

/** What can be the id of a trace; nothing is ever found under anything else. */
const TRACE_ID = /^[0-9a-f]{32}$/;

const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404;

function load(outline: Outline): LoadedTrace {
  const model = modelOf(outline.columns);
  const { traceId, isCut, startTime } = outline;
  return { traceId, isCut, model: { ...model, beganAt: Date.parse(startTime) + model.beganAt } };
}

/** A trace without its inputs and outputs. A missing trace may still be on its way to the store, so it is polled. */
export function useTrace(traceId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["trace", id, traceId],
    queryFn: async ({ signal }) =>
      load(await client.call("GET /api/v1/traces/:traceId/outline", { params: { traceId }, signal })),
    // The model is compared by identity: looking through fifty thousand spans for a difference would be felt.
    structuralSharing: false,
    staleTime: 5_000,
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 3 && (isPassing(error) || (isMissing(error) && TRACE_ID.test(traceId))),
    retryDelay: 800,
    refetchInterval: ({ state }) => isMissing(state.error) && TRACE_ID.test(traceId) && WHILE_MISSING,
  });
}

type SpanClient = ReturnType<typeof useProject>["client"];

/** The query for a span, shared by the panel and the views that load many spans. */
export const spanQuery = (client: SpanClient, projectId: string, ids: { traceId: string; spanId: string }) => ({
  queryKey: ["span", projectId, ids.traceId, ids.spanId],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    client.call("GET /api/v1/traces/:traceId/spans/:spanId", { params: ids, signal }),
  staleTime: KEPT_MS,
});

/** One complete span. The previous span stays until it has loaded, to avoid flicker. */
export function useSpan(traceId: string, spanId: string | undefined) {
  const { id, client } = useProject();
  const settled = useSettled(spanId);
  return useQuery({
    ...spanQuery(client, id, { traceId, spanId: settled ?? "" }),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The value once it has not changed for a moment, so that a key held down loads only the last span. */
function useSettled(value: string | undefined): string | undefined {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 70);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Which spans of a trace say these words in their payloads, as the server finds them. `isMore`: there are others. */
export function useContentHits(traceId: string, text: string) {
  const { id, client } = useProject();
  const settled = useSettled(text.trim()) ?? "";
  const { data, isFetching } = useQuery({
    queryKey: ["trace-search", id, traceId, settled],
    enabled: settled.length > 1,
    staleTime: KEPT_MS,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/spans", { query: { traceId, search: settled, limit: 200 }, signal }),
  });
  const ids = useMemo(
    () => (settled.length > 1 && data ? data.items.map(({ spanId }) => spanId) : []),
    [data, settled],
  );
  return { ids, isMore: data?.nextCursor != null, isFetching };
}
