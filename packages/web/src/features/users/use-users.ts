import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer } from "../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../components/time-range.ts";
import { type TraceFilter, usePages, writeValue } from "../filter/index.ts";
import { useProject } from "../session/index.ts";

export type UserSummary = Answer<"GET /api/v1/users">["items"][number];
export type Values = Readonly<Record<string, number | null>>;

const SHOWN = 20;
const TOTALS = ["requests", "traces", "sessions", "errors", "totalTokens", "costUsd", "latencyP50Ms", "latencyP95Ms"];

/** Users page by page, the last active first. */
export function useUsers(asked: { range: RangeSearch; filter: TraceFilter }) {
  const { client } = useProject();
  return usePages(["users"], {
    ...asked,
    load: (query, signal) => client.call("GET /api/v1/users", { query, signal }),
  });
}

/** The condition that only spans of this user fulfil. */
export const filterOf = (userId: string): { filter: string } => ({ filter: `user:${writeValue(userId)}` });

/** What one user did in this time: all together, over time, by model, and the sessions and traces that came last. */
export function useUserActivity(userId: string, range: RangeSearch) {
  const { id, client } = useProject();
  const where = filterOf(userId);
  const shared = { placeholderData: keepPreviousData, refetchInterval: isRelative(range) && (30_000 as const) };
  const measure = (measures: string[], dimensions: string[], signal: AbortSignal) =>
    client.call("POST /api/v1/span-metrics", { body: { ...resolveRange(range), where, measures, dimensions }, signal });
  const query = () => ({ ...where, ...resolveRange(range), limit: SHOWN });
  return {
    totals: useQuery({
      ...shared,
      queryKey: ["user-totals", id, userId, range],
      queryFn: async ({ signal }) => (await measure(TOTALS, [], signal)).rows[0]?.values ?? {},
    }),
    overTime: useQuery({
      ...shared,
      queryKey: ["user-time", id, userId, range],
      queryFn: ({ signal }) => measure(["requests", "errors", "costUsd"], ["time"], signal),
    }),
    models: useQuery({
      ...shared,
      queryKey: ["user-models", id, userId, range],
      queryFn: ({ signal }) =>
        measure(["requests", "errors", "totalTokens", "costUsd", "latencyP50Ms"], ["model"], signal),
    }),
    sessions: useQuery({
      ...shared,
      queryKey: ["user-sessions", id, userId, range],
      queryFn: ({ signal }) => client.call("GET /api/v1/sessions", { query: query(), signal }),
    }),
    traces: useQuery({
      ...shared,
      queryKey: ["user-traces", id, userId, range],
      queryFn: ({ signal }) => client.call("GET /api/v1/traces", { query: query(), signal }),
    }),
  };
}
export type UserActivity = ReturnType<typeof useUserActivity>;
