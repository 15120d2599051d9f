import { useInfiniteQuery } from "@tanstack/react-query";
import type { Answer } from "../../../api.ts";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import { type TraceFilter, usePages } from "../filter/index.ts";

export type SessionSummary = Answer<"GET /api/v1/sessions">["items"][number];
export type SessionTrace = Answer<"GET /api/v1/sessions/:sessionId">["items"][number];

/** Sessions page by page, the last active first. */
export function useSessions(asked: { range: RangeSearch; filter: TraceFilter }) {
  const { client } = useProject();
  return usePages(["sessions"], {
    ...asked,
    load: (query, signal) => client.call("GET /api/v1/sessions", { query, signal }),
  });
}

/** One session with its traces in the order they began, page by page. */
export function useSessionTurns(sessionId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["session-turns", id, sessionId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call("GET /api/v1/sessions/:sessionId", {
        params: { sessionId },
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
